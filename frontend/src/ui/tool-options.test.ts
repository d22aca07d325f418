import { describe, expect, it } from "vitest";

import { atWork } from "../core/testing/session-at-work";
import { brushFromSlider, sliderFromBrush } from "./tool-options";

describe("the brush's slider", () => {
  it("goes as far as keys and wheel go", async () => {
    const { session } = await atWork();
    session.setBrushRadius(0);
    expect(sliderFromBrush(session.state.brushRadiusPx)).toBe(0);
    session.setBrushRadius(1e6);
    expect(sliderFromBrush(session.state.brushRadiusPx)).toBe(1);
    expect(brushFromSlider(1)).toBeCloseTo(session.state.brushRadiusPx);
  });

  it("shows the size that it was set to", () => {
    expect(sliderFromBrush(brushFromSlider(0.4))).toBeCloseTo(0.4);
  });
});
