import { describe, expect, it } from "vitest";

import type { MaskRuns } from "../core/types";
import { holdsPixel, maskGrid } from "./mask-grid";
import { outlineOf, smoothed } from "./outline";

const ring: MaskRuns = { box: [2, 3, 5, 6], runs: [0, 4, 1, 4] };

describe("a mask's grid", () => {
  it("is exact with step 1", () => {
    expect([...maskGrid(ring, 1).cells]).toEqual([1, 1, 1, 1, 0, 1, 1, 1, 1]);
  });

  it("samples the middle of each cell", () => {
    // 4 x 4 pixels, only the right half inside.
    const half: MaskRuns = { box: [0, 0, 4, 4], runs: [2, 2, 2, 2, 2, 2, 2, 2] };
    expect([...maskGrid(half, 2).cells]).toEqual([0, 1, 0, 1]);
  });

  it("never loses an object that no sample meets", () => {
    const dot: MaskRuns = { box: [7, 7, 8, 8], runs: [0, 1] };
    expect([...maskGrid(dot, 16).cells]).toEqual([1]);
  });

  it("reads runs that go on over rows", () => {
    const full: MaskRuns = { box: [0, 0, 5, 5], runs: [0, 25] };
    expect([...maskGrid(full, 2).cells]).toEqual(new Array(9).fill(1));
  });
});

describe("a pixel of a mask", () => {
  it("is found by its runs", () => {
    expect(holdsPixel(ring, 2, 3)).toBe(true);
    expect(holdsPixel(ring, 3, 4)).toBe(false);
    expect(holdsPixel(ring, 4, 5)).toBe(true);
    expect(holdsPixel(ring, 5, 5)).toBe(false);
    expect(holdsPixel({ box: [0, 0, 0, 0], runs: [] }, 0, 0)).toBe(false);
  });
});

describe("an outline", () => {
  it("goes round the outside and round the hole", () => {
    expect(outlineOf(maskGrid(ring, 1))).toEqual([
      [5, 3, 5, 6, 2, 6, 2, 3],
      [4, 5, 4, 4, 3, 4, 3, 5],
    ]);
  });

  it("keeps parts that touch at a corner apart", () => {
    const corners: MaskRuns = { box: [0, 0, 2, 2], runs: [0, 1, 2, 1] };
    expect(outlineOf(maskGrid(corners, 1))).toHaveLength(2);
  });

  it("encloses as much as the mask holds", () => {
    const cells = Uint8Array.from({ length: 30 * 20 }, (_, i) => ((i * 7919) % 13 < 7 ? 1 : 0));
    const rings = outlineOf({ x0: 0, y0: 0, step: 1, columns: 30, rows: 20, cells });
    const area = rings.reduce((sum, points) => {
      let twice = 0;
      for (let i = 0; i < points.length; i += 2) {
        const j = (i + 2) % points.length;
        twice += points[i]! * points[j + 1]! - points[j]! * points[i + 1]!;
      }
      return sum + twice / 2;
    }, 0);
    expect(area).toBe(cells.reduce((sum, cell) => sum + cell, 0));
  });

  it("loses the corners of a staircase when smoothed", () => {
    const steps = [0, 0, 8, 0, 8, 8, 6, 8, 6, 6, 4, 6, 4, 4, 2, 4, 2, 2, 0, 2];
    expect(smoothed(steps).length).toBeLessThan(steps.length);
  });
});
