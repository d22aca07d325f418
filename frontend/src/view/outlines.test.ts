import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { outlinesOf } from "../core/contours";
import type { MaskRuns } from "../core/types";
import { cellRows, lineDetail, linesAround, outlinesAt, stepFor } from "./outlines";

const ring: MaskRuns = { box: [2, 3, 5, 6], runs: [0, 4, 1, 4] };

describe("a mask's cells", () => {
  it("are its pixels with step 1", () => {
    expect(cellRows(ring, 1)).toEqual([[0, 3], [0, 1, 2, 3], [0, 3]]);
  });

  it("count as their middle pixels", () => {
    // 4 x 4 pixels, only the right half inside.
    const half: MaskRuns = { box: [0, 0, 4, 4], runs: [2, 2, 2, 2, 2, 2, 2, 2] };
    expect(cellRows(half, 2)).toEqual([[1, 2], [1, 2]]);
  });

  it("never lose an object that no sample meets", () => {
    expect(cellRows({ box: [7, 7, 8, 8], runs: [0, 1] }, 16)).toEqual([[0, 1]]);
    // A line of one pixel that no middle of a 4 x 4 cell meets.
    expect(cellRows({ box: [0, 0, 4, 1], runs: [0, 4] }, 4)).toEqual([[0, 1]]);
  });

  it("reach to the end of the box where the last cell is narrow", () => {
    const full: MaskRuns = { box: [0, 0, 5, 5], runs: [0, 25] };
    expect(cellRows(full, 2)).toEqual([[0, 3], [0, 3], [0, 3]]);
  });

  it("are none for a mask of nothing", () => {
    expect(cellRows({ box: [0, 0, 0, 0], runs: [] }, 4)).toEqual([]);
  });
});

describe("the step", () => {
  it("is never larger than a pixel of the device", () => {
    expect(stepFor(3)).toBe(1);
    expect(stepFor(1)).toBe(1);
    expect(stepFor(0.4)).toBe(2);
    expect(stepFor(0.1)).toBe(8);
  });
});

describe("outlines", () => {
  it("lie on the edges of pixels and include holes", () => {
    const lines = outlinesAt(ring, lineDetail(4)).map((line) => [...line]);
    expect(lines.map((line) => pairs(line).sort())).toEqual([
      ["2,3", "2,6", "5,3", "5,6"],
      ["3,4", "3,5", "4,4", "4,5"],
    ]);
  });

  it("keep parts that touch at a corner apart", () => {
    expect(linesAround([[0, 1], [1, 2]])).toHaveLength(2);
    expect(linesAround([[1, 2], [0, 1]])).toHaveLength(2);
  });

  it("lose the corners of a staircase when they are drawn small", () => {
    const rows = Array.from({ length: 64 }, (_, y) => [y + 1, 63 - y]).flat();
    const triangle: MaskRuns = { box: [0, 0, 64, 64], runs: [0, ...rows] };
    expect(outlinesAt(triangle, lineDetail(1))[0]!.length).toBeLessThan(20);
    expect(outlinesAt(triangle, lineDetail(2))[0]!.length).toBeGreaterThan(200);
  });

  it("are those that are found pixel by pixel", () => {
    const pixels = fc.integer({ min: 1, max: 9 }).chain((width) =>
      fc.array(fc.array(fc.constantFrom(0, 1), { minLength: width, maxLength: width }),
        { minLength: 1, maxLength: 9 }));
    fc.assert(fc.property(pixels, (rows) => {
      const width = rows[0]!.length;
      const stretches = rows.map((row) =>
        row.flatMap((value, x) => {
          const edges: number[] = [];
          if (value && !row[x - 1]) edges.push(x);
          if (value && !row[x + 1]) edges.push(x + 1);
          return edges;
        }));
      const bitmap = { box: [0, 0, width, rows.length], data: Uint8Array.from(rows.flat()) } as const;
      const sorted = (corners: Iterable<number>[]) =>
        corners.map((line) => pairs([...line]).sort().join(" ")).sort();
      expect(sorted(linesAround(stretches)))
        .toEqual(sorted(outlinesOf(bitmap).map(({ xy }) => xy.map((value) => value + 0.5))));
    }));
  });
});

function pairs(line: readonly number[]): string[] {
  return line.flatMap((value, i) => (i % 2 === 0 ? [`${value},${line[i + 1]}`] : []));
}
