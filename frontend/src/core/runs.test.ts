import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { areaOf, pixelAt, tight } from "./bitmap";
import { MaskRunsError, areaOfRuns, bitmapOf, holdsPixel, runsOf, sameMask } from "./runs";
import { anyBitmap, drawn } from "./testing/drawings";
import { EMPTY_MASK } from "./types";

describe("run lengths", () => {
  test("the first run counts zeros and may be 0", () => {
    expect(runsOf(drawn(["##", ".#"], 3, 4))).toEqual({ box: [3, 4, 5, 6], runs: [0, 2, 1, 1] });
    expect(runsOf(drawn([".#", "##"]))).toEqual({ box: [0, 0, 2, 2], runs: [1, 3] });
  });
  test("a mask of nothing has no runs", () => {
    expect(runsOf(drawn(["...", "..."]))).toEqual(EMPTY_MASK);
    expect(bitmapOf(EMPTY_MASK).data).toHaveLength(0);
  });
  test("runs that do not fill the box are refused", () => {
    expect(() => bitmapOf({ box: [0, 0, 2, 2], runs: [1, 2] })).toThrow(MaskRunsError);
    expect(() => bitmapOf({ box: [0, 0, 2, 2], runs: [5, -1] })).toThrow(MaskRunsError);
  });
  test("encoding and decoding give the same pixels", () => {
    fc.assert(
      fc.property(anyBitmap, (bitmap) => {
        const mask = runsOf(bitmap);
        expect(bitmapOf(mask)).toEqual(tight(bitmap));
        expect(areaOfRuns(mask)).toBe(areaOf(bitmap));
        expect(mask.runs.slice(1).every((length) => length > 0)).toBe(true);
      }),
    );
  });
  test("a pixel is found without decoding", () => {
    fc.assert(
      fc.property(anyBitmap, fc.nat(19), fc.nat(19), (bitmap, x, y) => {
        expect(holdsPixel(runsOf(bitmap), x, y)).toBe(pixelAt(bitmap, x, y) === 1);
      }),
    );
  });
  test("masks are the same when box and runs are", () => {
    expect(sameMask(runsOf(drawn(["##"])), runsOf(drawn(["##"])))).toBe(true);
    expect(sameMask(runsOf(drawn(["##"])), runsOf(drawn(["##"], 1, 0)))).toBe(false);
  });
});
