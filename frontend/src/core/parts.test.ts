import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { areaOf, pixelAt, subtract, union, type Bitmap } from "./bitmap";
import { filledHoles, largestPart, partsOf } from "./parts";
import { SQUARE_20, anyBitmap, drawn, pictured, shown } from "./testing/drawings";

/** Pixels reached from one by stepping over its own value, the plain way. */
function reached(
  bitmap: Bitmap,
  x: number,
  y: number,
  steps: readonly [number, number][],
): Set<string> {
  const value = pixelAt(bitmap, x, y);
  const seen = new Set([`${x},${y}`]);
  const waiting = [[x, y]];
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    for (const [dx, dy] of steps) {
      const [nx, ny] = [at[0] + dx, at[1] + dy];
      const inside = nx >= -1 && ny >= -1 && nx <= 20 && ny <= 20;
      if (!inside || seen.has(`${nx},${ny}`) || pixelAt(bitmap, nx, ny) !== value) continue;
      seen.add(`${nx},${ny}`);
      waiting.push([nx, ny]);
    }
  }
  return seen;
}

const BY_EDGE: [number, number][] = [[1, 0], [-1, 0], [0, 1], [0, -1]];
const BY_CORNER: [number, number][] = [...BY_EDGE, [1, 1], [1, -1], [-1, 1], [-1, -1]];

describe("parts", () => {
  test("pixels that touch by a corner are two parts", () => {
    expect(partsOf(drawn(["#.", ".#"])).map((part) => part.box)).toEqual([
      [0, 0, 1, 1],
      [1, 1, 2, 2],
    ]);
  });
  test("a U is one part although its arms begin apart", () => {
    expect(partsOf(drawn(["#.#", "#.#", "###"]))).toHaveLength(1);
  });
  test("the largest comes first and is what is kept", () => {
    const bitmap = drawn(["#..##", "...##"], 5, 5);
    expect(partsOf(bitmap).map(areaOf)).toEqual([4, 1]);
    expect(largestPart(bitmap)).toEqual({ box: [8, 5, 10, 7], data: Uint8Array.of(1, 1, 1, 1) });
  });
  test("nothing has no parts", () => {
    expect(partsOf(drawn(["...", "..."]))).toEqual([]);
  });
  test("parts are what can be reached by edges, and together they are the whole", () => {
    fc.assert(
      fc.property(anyBitmap, (bitmap) => {
        const parts = partsOf(bitmap);
        expect(shown(union(...parts), SQUARE_20)).toEqual(shown(bitmap, SQUARE_20));
        for (const part of parts) {
          const first = part.data.indexOf(1);
          const width = part.box[2] - part.box[0];
          const x = part.box[0] + (first % width);
          const y = part.box[1] + Math.floor(first / width);
          expect(reached(bitmap, x, y, BY_EDGE).size).toBe(areaOf(part));
        }
      }),
    );
  });
});

describe("filled holes", () => {
  test("a ring becomes a disc", () => {
    expect(shown(filledHoles(drawn(["###", "#.#", "###"])), { width: 3, height: 3 })).toEqual([
      "###",
      "###",
      "###",
    ]);
  });
  test("a gap at a corner lets the outside in", () => {
    const open = drawn([".##", "#.#", "###"]);
    expect(filledHoles(open)).toBe(open);
  });
  test("what is filled is exactly the background that the outside does not reach", () => {
    fc.assert(
      fc.property(anyBitmap, (bitmap) => {
        const outside = reached(bitmap, -1, -1, BY_CORNER);
        const full = filledHoles(bitmap);
        const expected = pictured(SQUARE_20, (x, y) => (outside.has(`${x},${y}`) ? 0 : 1));
        expect(shown(full, SQUARE_20)).toEqual(expected);
        expect(areaOf(subtract(bitmap, full))).toBe(0);
      }),
    );
  });
});
