import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { EMPTY_BITMAP, areaOf } from "./bitmap";
import { edgeRedrawn, linePixels } from "./edge";
import cases from "./testing/edge-cases.json";
import { drawn, shown } from "./testing/drawings";
import type { Point } from "./types";

const size = { width: 9, height: 7 };
/** 4 x 3 pixels in the middle. */
const block = drawn(["####", "####", "####"], 2, 2);

function after(...path: readonly Point[]): string[] {
  return shown(edgeRedrawn(block, path, size), size);
}

describe("a line outside the mask", () => {
  test("adds what it encloses, itself included", () => {
    expect(after([5, 2], [7, 2], [7, 4], [5, 4])).toEqual([
      ".........",
      ".........",
      "..######.",
      "..######.",
      "..######.",
      ".........",
      ".........",
    ]);
  });
  test("is led on to the mask where its ends fall short of it", () => {
    expect(after([7, 2], [7, 3], [7, 4])).toEqual(after([5, 2], [7, 2], [7, 4], [5, 4]));
  });
  test("leaves no hair where it begins or ends beside the mask", () => {
    const redrawn = after([8, 0], [4, 0], [4, 1], [4, 2]);
    expect(redrawn[0].slice(6)).toBe("...");
    expect(redrawn.join("").match(/#/g)?.length).toBeGreaterThanOrEqual(12);
  });
  test("encloses with the image's frame too, where the object reaches it", () => {
    const atFrame = drawn(["####", "####", "####"], 0, 2);
    const path: Point[] = [[3, 4], [3, 5], [3, 6]];
    expect(shown(edgeRedrawn(atFrame, path, size), size).slice(4)).toEqual([
      "####.....",
      "####.....",
      "####.....",
    ]);
    expect(after([2, 4], [1, 4], [0, 4])).toEqual(shown(block, size));
  });
});

describe("a line through the mask", () => {
  test("cuts off the smaller side and stays object", () => {
    expect(after([3, 0], [3, 6]).slice(2, 5)).toEqual([
      "...###...",
      "...###...",
      "...###...",
    ]);
  });
  test("is led on to the edge where its ends fall short of it", () => {
    expect(after([3, 3], [3, 4])).toEqual(after([3, 0], [3, 6]));
  });
  test("along the edge as it is changes nothing", () => {
    expect(after([2, 2], [5, 2], [5, 4], [2, 4])).toEqual(shown(block, size));
  });
});

describe("a line in and out", () => {
  test("adds outside and cuts inside", () => {
    expect(after([2, 1], [4, 1], [4, 4], [5, 4], [5, 6])).not.toEqual(shown(block, size));
    const wide = drawn(["#########", "#########", "#########"], 0, 4);
    const path: Point[] = [[0, 3], [1, 2], [3, 2], [4, 4], [5, 5], [7, 5], [8, 3]];
    const redrawn = shown(edgeRedrawn(wide, path, size), size);
    expect(redrawn.slice(4)).toContain("#########");
    expect(redrawn[2].slice(0, 4)).toContain("#");
    expect(redrawn[4].slice(5)).toContain(".");
  });
});

describe("odd lines", () => {
  test("a ring on nothing becomes an object, a ring in the mask a hole", () => {
    const ring: Point[] = [[3, 1], [5, 1], [5, 3], [3, 3], [3, 1]];
    expect(areaOf(edgeRedrawn(EMPTY_BITMAP, ring, size))).toBe(9);
    const full = drawn(Array.from({ length: 7 }, () => "#########"));
    expect(areaOf(edgeRedrawn(full, ring, size))).toBe(62);
  });
  test("far outside the image it does nothing, and nothing breaks", () => {
    const far: Point[] = [[-50, -50], [-60, -40]];
    expect(shown(edgeRedrawn(block, far, size), size)).toEqual(shown(block, size));
  });
});

describe("the line's pixels", () => {
  test("go from pixel to pixel by edges", () => {
    const place = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }));
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 6 }), (path) => {
        const pixels = linePixels(path);
        expect(pixels[0]).toEqual(path[0]);
        expect(pixels.at(-1)).toEqual(path.at(-1));
        pixels.slice(1).forEach(([x, y], i) => {
          expect(Math.abs(x - pixels[i][0]) + Math.abs(y - pixels[i][1])).toBe(1);
        });
      }),
    );
  });
});

describe("the benchmark's twin in Python", () => {
  test.each(cases)("does the same to $name", ({ width, height, before, path, after }) => {
    const mask = drawn(before);
    const redrawn = edgeRedrawn(mask, path as unknown as Point[], { width, height });
    expect(shown(redrawn, { width, height })).toEqual(after);
  });
});
