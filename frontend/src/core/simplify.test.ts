import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { outlinesOf, type Ring } from "./contours";
import { distanceToSegment } from "./polygon";
import { simplified, vertexCount } from "./simplify";
import { anyBitmap, drawn } from "./testing/drawings";
import type { Point } from "./types";

const pointsOf = ({ xy }: Ring): Point[] =>
  Array.from({ length: xy.length / 2 }, (_, i) => [xy[2 * i], xy[2 * i + 1]]);

function distanceToRing(point: Point, ring: Ring): number {
  const points = pointsOf(ring);
  return Math.min(
    ...points.map((from, i) => distanceToSegment(point, from, points[(i + 1) % points.length])),
  );
}

describe("simplified outlines", () => {
  test("a staircase of 1 px becomes a diagonal at a tolerance of 1 px", () => {
    const [stairs] = outlinesOf(drawn(["#....", "##...", "###..", "####.", "#####"]));
    expect(stairs.xy.length / 2).toBe(12);
    expect(simplified(stairs, 1).xy.length / 2).toBeLessThanOrEqual(4);
  });
  test("at a tolerance of 0 nothing is left out", () => {
    const [ring] = outlinesOf(drawn(["#..", "##.", "###"]));
    expect(simplified(ring, 0)).toBe(ring);
  });
  test("a ring smaller than the tolerance keeps three vertices", () => {
    const [pixel] = outlinesOf(drawn(["#"]));
    expect(simplified(pixel, 50).xy.length / 2).toBe(3);
  });
  test("a hole stays a hole", () => {
    const rings = outlinesOf(drawn(["###", "#.#", "###"])).map((ring) => simplified(ring, 0.2));
    expect(rings.map(({ hole }) => hole)).toEqual([false, true]);
    expect(vertexCount(rings)).toBe(8);
  });
  test("no vertex left out lies further than the tolerance from what remains", () => {
    fc.assert(
      fc.property(anyBitmap, fc.double({ min: 0.1, max: 4, noNaN: true }), (bitmap, tolerance) => {
        for (const ring of outlinesOf(bitmap)) {
          const fewer = simplified(ring, tolerance);
          const known = new Set(pointsOf(ring).map(String));
          expect(pointsOf(fewer).every((point) => known.has(String(point)))).toBe(true);
          expect(fewer.xy.length).toBeGreaterThanOrEqual(6);
          for (const point of pointsOf(ring)) {
            expect(distanceToRing(point, fewer)).toBeLessThanOrEqual(tolerance + 1e-9);
          }
        }
      }),
    );
  });
});
