import { describe, expect, it } from "vitest";

import { changedTones, filterOf, PLAIN_TONES } from "./tones";

describe("the tones", () => {
  it("need no filter when the photo is shown as it is", () => {
    expect(filterOf(PLAIN_TONES)).toBe("");
  });

  it("come back to where they were", () => {
    const brighter = changedTones(PLAIN_TONES, "brightness", 3);
    expect(filterOf(brighter)).toBe("brightness(1.521)");
    expect(changedTones(brighter, "brightness", -3)).toEqual(PLAIN_TONES);
  });

  it("have bounds", () => {
    expect(changedTones(PLAIN_TONES, "contrast", 100).contrast).toBe(4);
    expect(changedTones(PLAIN_TONES, "contrast", -100).contrast).toBe(0.25);
  });
});
