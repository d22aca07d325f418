import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { tight, type Bitmap } from "./bitmap";
import { outlinesOf } from "./contours";
import { filledHoles, partsOf } from "./parts";
import { filled, ringsBox } from "./polygon-fill";
import { SQUARE_20, anyBitmap, drawn, shown } from "./testing/drawings";

const coordinates = (bitmap: Bitmap): number[][] => outlinesOf(bitmap).map(({ xy }) => [...xy]);

describe("outlines", () => {
  test("one pixel has the four corners half a pixel from its centre", () => {
    expect(coordinates(drawn(["#"], 3, 4))).toEqual([[2.5, 3.5, 3.5, 3.5, 3.5, 4.5, 2.5, 4.5]]);
  });
  test("a straight edge has no vertex in between", () => {
    expect(coordinates(drawn(["###", "###"]))).toEqual([
      [-0.5, -0.5, 2.5, -0.5, 2.5, 1.5, -0.5, 1.5],
    ]);
  });
  test("a ring of pixels has an outer line and a hole", () => {
    const rings = outlinesOf(drawn(["###", "#.#", "###"]));
    expect(rings.map(({ hole }) => hole)).toEqual([false, true]);
    expect([...rings[1].xy]).toHaveLength(8);
  });
  test("pixels that touch by a corner have an outline each", () => {
    expect(outlinesOf(drawn(["#.", ".#"]))).toHaveLength(2);
  });
  test("holes that touch by a corner share one outline", () => {
    const rings = outlinesOf(drawn(["####", "#.##", "##.#", "####"]));
    expect(rings.filter(({ hole }) => hole)).toHaveLength(1);
  });
  test("nothing has no outline", () => {
    expect(outlinesOf(drawn(["...", "..."]))).toEqual([]);
  });
  test("filled again, the outlines are the same mask", () => {
    fc.assert(
      fc.property(anyBitmap, (bitmap) => {
        const rings = outlinesOf(bitmap);
        const again = filled(rings, ringsBox(rings, SQUARE_20));
        expect(shown(again, SQUARE_20)).toEqual(shown(bitmap, SQUARE_20));
        expect(tight(again)).toEqual(tight(bitmap));
      }),
    );
  });
  test("there is one outer line for each part, and no hole once holes are filled", () => {
    fc.assert(
      fc.property(anyBitmap, (bitmap) => {
        const outer = outlinesOf(bitmap).filter(({ hole }) => !hole);
        expect(outer).toHaveLength(partsOf(bitmap).length);
        expect(outlinesOf(filledHoles(bitmap)).every(({ hole }) => !hole)).toBe(true);
      }),
    );
  });
});
