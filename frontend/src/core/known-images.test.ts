import { describe, expect, it } from "vitest";

import { KnownImages, MOST_KNOWN } from "./known-images";
import type { ImageDetail } from "./types";

const image = (id: number, version = 1): ImageDetail => ({ id, version }) as ImageDetail;

describe("known images", () => {
  it("keep what is newer than what an older request is answered with", () => {
    const known = new KnownImages(() => false);
    known.remember(image(1, 5));
    expect(known.learn(image(1, 4)).version).toBe(5);
    expect(known.get(1)?.version).toBe(5);
    expect(known.learn(image(1, 6)).version).toBe(6);
    expect(known.get(1)?.version).toBe(6);
    known.remember(image(1, 2));
    expect(known.get(1)?.version).toBe(2);
  });

  it("forget those longest unused, but none that is needed", () => {
    const known = new KnownImages((id) => id === 1);
    for (let id = 1; id <= MOST_KNOWN; id += 1) known.remember(image(id));
    known.remember(image(2));
    known.remember(image(100));
    expect([1, 2, 3, 100].map((id) => known.get(id) !== null)).toEqual([true, true, false, true]);
  });
});
