import { describe, expect, it } from "vitest";

import { brushFromSlider, sliderFromBrush } from "./tool-options";

describe("the brush's slider", () => {
  it("goes from one pixel to two hundred", () => {
    expect(brushFromSlider(0)).toBe(1);
    expect(brushFromSlider(1)).toBe(200);
  });

  it("shows the size that it was set to", () => {
    expect(sliderFromBrush(brushFromSlider(0.4))).toBeCloseTo(0.4);
    expect(sliderFromBrush(0.5)).toBe(0);
  });
});
