import { describe, expect, test } from "vitest";

import type { Ring } from "./contours";
import { filled, ringsBox } from "./polygon-fill";
import { shown } from "./testing/drawings";

const ring = (...xy: number[]): Ring => ({ xy: Float64Array.from(xy), hole: false });
const size = { width: 6, height: 5 };

describe("filled rings", () => {
  test("a triangle holds the pixels whose centres are inside", () => {
    const rings = [ring(-0.5, -0.5, 4.5, -0.5, -0.5, 4.5)];
    expect(shown(filled(rings, ringsBox(rings, size)), size)).toEqual([
      "####..",
      "###...",
      "##....",
      "#.....",
      "......",
    ]);
  });
  test("a ring inside another is a hole", () => {
    const rings = [
      ring(-0.5, -0.5, 4.5, -0.5, 4.5, 4.5, -0.5, 4.5),
      ring(0.5, 0.5, 3.5, 0.5, 3.5, 3.5, 0.5, 3.5),
    ];
    expect(shown(filled(rings, ringsBox(rings, size)), size)).toEqual([
      "#####.",
      "#...#.",
      "#...#.",
      "#...#.",
      "#####.",
    ]);
  });
  test("what lies outside the image is cut off", () => {
    const rings = [ring(-20, 1.5, 40, 1.5, 40, 90, -20, 90)];
    expect(ringsBox(rings, size)).toEqual([0, 2, 6, 5]);
    expect(shown(filled(rings, ringsBox(rings, size)), size)[2]).toBe("######");
  });
  test("only the asked box is filled", () => {
    const rings = [ring(-0.5, -0.5, 4.5, -0.5, 4.5, 4.5, -0.5, 4.5)];
    expect(filled(rings, [1, 1, 3, 2])).toEqual({
      box: [1, 1, 3, 2],
      data: Uint8Array.of(1, 1),
    });
  });
  test("no rings, no box", () => {
    expect(ringsBox([], size)).toEqual([0, 0, 0, 0]);
  });
});
