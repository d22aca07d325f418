import fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  EMPTY_BITMAP, areaOf, around, cropped, filledBox, intersection, pixelAt, subtract, tight, union,
} from "./bitmap";
import { SQUARE_20, anyBitmap, drawn, pictured, shown } from "./testing/drawings";

describe("boxes", () => {
  test("boxes that do not meet have an intersection of area 0", () => {
    expect(intersection([0, 0, 2, 2], [5, 5, 6, 6])).toEqual([5, 5, 5, 5]);
  });
  test("an empty box adds nothing to another", () => {
    expect(around([0, 0, 0, 0], [5, 6, 7, 8])).toEqual([5, 6, 7, 8]);
    expect(around([5, 6, 7, 8], [3, 3, 3, 9])).toEqual([5, 6, 7, 8]);
  });
});

describe("bitmaps", () => {
  test("a pixel outside the box is zero", () => {
    const bitmap = filledBox([2, 2, 4, 4]);
    expect(pixelAt(bitmap, 2, 3)).toBe(1);
    expect(pixelAt(bitmap, 4, 3)).toBe(0);
    expect(pixelAt(bitmap, 1, 3)).toBe(0);
  });
  test("tight takes the empty border off", () => {
    const bitmap = tight(drawn(["....", "..#.", ".#..", "...."], 10, 20));
    expect(bitmap.box).toEqual([11, 21, 13, 23]);
    expect([...bitmap.data]).toEqual([0, 1, 1, 0]);
  });
  test("tight gives a tight bitmap back as it is", () => {
    const bitmap = drawn(["#.", ".#"]);
    expect(tight(bitmap)).toBe(bitmap);
  });
  test("an empty drawing is the empty bitmap", () => {
    expect(tight(drawn(["...", "..."]))).toBe(EMPTY_BITMAP);
  });
  test("tight and cropped to a larger box keep every pixel", () => {
    fc.assert(
      fc.property(anyBitmap, (bitmap) => {
        const picture = shown(bitmap, SQUARE_20);
        expect(shown(tight(bitmap), SQUARE_20)).toEqual(picture);
        expect(shown(cropped(bitmap, [0, 0, 20, 20]), SQUARE_20)).toEqual(picture);
      }),
    );
  });
  test("union and subtract are or, and and-not, pixel by pixel", () => {
    fc.assert(
      fc.property(anyBitmap, anyBitmap, (a, b) => {
        const or = pictured(SQUARE_20, (x, y) => pixelAt(a, x, y) | pixelAt(b, x, y));
        const butNot = pictured(SQUARE_20, (x, y) => pixelAt(a, x, y) & (1 - pixelAt(b, x, y)));
        expect(shown(union(a, b), SQUARE_20)).toEqual(or);
        expect(shown(subtract(a, b), SQUARE_20)).toEqual(butNot);
      }),
    );
  });
  test("the union of nothing is empty", () => {
    expect(areaOf(union())).toBe(0);
  });
});
