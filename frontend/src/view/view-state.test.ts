import { describe, expect, it } from "vitest";

import { boxAround, changedBy, FIRST_VIEW, movedBy } from "./view-state";
import { fitted, toImage } from "./viewport";

const photo = { width: 4000, height: 3000 };
const view = fitted(photo, 1000, 800);

describe("a key of the view", () => {
  it("zooms at the pointer", () => {
    const closer = movedBy("zoom-in", view, [300, 200], photo, 1)!;
    expect(closer.scale).toBeCloseTo(view.scale * 1.4);
    expect(toImage(closer, [300, 200])[0]).toBeCloseTo(toImage(view, [300, 200])[0]);
  });

  it("shows one image pixel for one of the screen, whatever the screen", () => {
    expect(movedBy("zoom-actual", view, null, photo, 2)!.scale).toBe(0.5);
  });

  it("moves what is seen, so that the arrow shows where one goes", () => {
    expect(movedBy("pan-right", view, null, photo, 1)!.left).toBeGreaterThan(view.left);
    expect(movedBy("pan-up", view, null, photo, 1)!.top).toBeLessThan(view.top);
  });

  it("changes how things are shown and nothing else", () => {
    expect(movedBy("brighter", view, null, photo, 1)).toBeNull();
    expect(changedBy("brighter", FIRST_VIEW)!.tones!.brightness).toBeGreaterThan(1);
    expect(changedBy("toggle-masks", FIRST_VIEW)).toEqual({ masksShown: false });
    expect(changedBy("zoom-in", FIRST_VIEW)).toBeNull();
  });
});

it("the box around several holds all of them", () => {
  expect(boxAround([[1, 2, 3, 4], [0, 3, 2, 9]])).toEqual([0, 2, 3, 9]);
  expect(boxAround([])).toBeNull();
});
