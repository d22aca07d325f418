import { describe, expect, test } from "vitest";

import { EMPTY_BITMAP, areaOf } from "./bitmap";
import { corrected, labelOf, type Correction } from "./corrections";
import { drawn, shown } from "./testing/drawings";

const size = { width: 5, height: 3 };
const ring = drawn(["###.#", "#.#..", "###.."]);

function after(correction: Correction): string[] {
  return shown(corrected(ring, correction, size), size);
}

describe("corrections", () => {
  test("each kind does what its name says", () => {
    expect(after({ kind: "fill-holes" })).toEqual(["###.#", "###..", "###.."]);
    expect(after({ kind: "keep-largest" })).toEqual(["###..", "#.#..", "###.."]);
    expect(after({ kind: "grow" })).toEqual(["#####", "#####", "####."]);
    expect(after({ kind: "shrink" })).toEqual(["#....", ".....", "#...."]);
  });
  test("a stroke paints or erases", () => {
    const path = [[3, 1]] as const;
    expect(after({ kind: "stroke", path, radiusPx: 0.5, erase: false })[1]).toBe("#.##.");
    const at = [[0, 1]] as const;
    expect(after({ kind: "stroke", path: at, radiusPx: 0.5, erase: true })[1]).toBe("..#..");
  });
  test("a patch puts pixels on and takes pixels off", () => {
    const patch = {
      on: { box: [1, 1, 2, 2] as const, runs: [0, 1] },
      off: { box: [4, 0, 5, 1] as const, runs: [0, 1] },
    };
    expect(after({ kind: "patch", patch, label: "Move vertex" })).toEqual([
      "###..",
      "###..",
      "###..",
    ]);
  });
  test("a correction is the same after a way through JSON", () => {
    const stroke: Correction = {
      kind: "stroke",
      path: [[1, 1], [2, 2]],
      radiusPx: 1.5,
      erase: false,
    };
    const again = JSON.parse(JSON.stringify(stroke)) as Correction;
    expect(corrected(ring, again, size)).toEqual(corrected(ring, stroke, size));
  });
  test("they do nothing to nothing", () => {
    for (const kind of ["fill-holes", "keep-largest", "grow", "shrink"] as const) {
      expect(areaOf(corrected(EMPTY_BITMAP, { kind }, size))).toBe(0);
    }
  });
  test("each has a name for the undo menu", () => {
    expect(labelOf({ kind: "fill-holes" })).toBe("Fill holes");
    expect(labelOf({ kind: "stroke", path: [], radiusPx: 1, erase: true })).toBe("Erase");
  });
});
