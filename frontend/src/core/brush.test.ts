import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { EMPTY_BITMAP, areaOf, filledBox, pixelAt, subtract } from "./bitmap";
import { erased, painted } from "./brush";
import { distanceToSegment } from "./polygon";
import { SQUARE_20, anyBitmap, pictured, shown } from "./testing/drawings";
import type { Point } from "./types";

const anyPoint = fc.tuple(
  fc.double({ min: -10, max: 30, noNaN: true }),
  fc.double({ min: -10, max: 30, noNaN: true }),
);

function distanceToPath(point: Point, path: readonly Point[]): number {
  return Math.min(
    ...path.map((to, i) => distanceToSegment(point, path[Math.max(0, i - 1)], to)),
  );
}

describe("the brush", () => {
  test("a dab of radius 1 is a plus", () => {
    const size = { width: 5, height: 5 };
    expect(shown(painted(EMPTY_BITMAP, [[2, 2]], 1, size), size)).toEqual([
      ".....",
      "..#..",
      ".###.",
      "..#..",
      ".....",
    ]);
  });
  test("a stroke joins its points without gaps", () => {
    const size = { width: 9, height: 3 };
    const stroke = painted(EMPTY_BITMAP, [[0, 1], [8, 1]], 0.5, size);
    expect(shown(stroke, size)).toEqual([".........", "#########", "........."]);
  });
  test("the thinnest brush leaves the nearest pixel", () => {
    const size = { width: 3, height: 3 };
    expect(shown(painted(EMPTY_BITMAP, [[1.4, 0.6]], 0.1, size), size)).toEqual([
      "...",
      ".#.",
      "...",
    ]);
  });
  test("a stroke outside the image changes nothing", () => {
    expect(painted(EMPTY_BITMAP, [[-9, -9]], 3, SQUARE_20)).toBe(EMPTY_BITMAP);
  });
  test("a bitmap is never changed in place", () => {
    const before = filledBox([0, 0, 4, 4]);
    erased(before, [[1, 1]], 2);
    painted(before, [[9, 9]], 2, SQUARE_20);
    expect(areaOf(before)).toBe(16);
  });
  test("it paints exactly the pixels within the radius of the path", () => {
    fc.assert(
      fc.property(
        fc.array(anyPoint, { minLength: 1, maxLength: 4 }),
        fc.double({ min: 0.75, max: 8, noNaN: true }),
        (path, radius) => {
          const stroke = painted(EMPTY_BITMAP, path, radius, SQUARE_20);
          const expected = pictured(SQUARE_20, (x, y) => {
            const away = distanceToPath([x, y], path);
            // At the very edge either answer is right: the last bits of a float decide.
            if (Math.abs(away - radius) < 1e-6) return pixelAt(stroke, x, y);
            return away < radius ? 1 : 0;
          });
          expect(shown(stroke, SQUARE_20)).toEqual(expected);
        },
      ),
    );
  });
  test("erasing takes away what painting adds, and nothing else", () => {
    fc.assert(
      fc.property(anyBitmap, fc.array(anyPoint, { minLength: 1, maxLength: 4 }), (bitmap, path) => {
        const stroke = painted(EMPTY_BITMAP, path, 2.5, SQUARE_20);
        const expected = shown(subtract(bitmap, stroke), SQUARE_20);
        expect(shown(erased(bitmap, path, 2.5), SQUARE_20)).toEqual(expected);
      }),
    );
  });
});
