import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { MaskMemory, packed, runsOfText, textOfRuns } from "./packed-masks";
import { EMPTY_MASK } from "./types";

describe("run lengths as text", () => {
  test("as pycocotools writes them", () => {
    expect(textOfRuns([0, 3, 1, 1, 100])).toBe("031NS3");
    expect(runsOfText("031NS3")).toEqual([0, 3, 1, 1, 100]);
    expect(textOfRuns([2 ** 30, 0, 5, 2 ** 30, 1])).toBe("PPPPPP105PPPPPP1L");
  });
  test("come back as they were", () => {
    const run = fc.oneof(fc.nat(100), fc.nat(2 ** 30));
    fc.assert(
      fc.property(fc.array(run), (runs) => {
        expect(runsOfText(textOfRuns(runs))).toEqual(runs);
      }),
    );
  });
  test("an empty mask has no text", () => {
    expect(packed(EMPTY_MASK)).toEqual({ box: [0, 0, 0, 0], runs: "" });
    expect(runsOfText("")).toEqual([]);
  });
});

describe("remembered masks", () => {
  test("the same mask is the same value", () => {
    const memory = new MaskMemory();
    const mask = { box: [0, 0, 2, 1] as const, runs: "02" };
    const first = memory.unpacked(mask);
    expect(first).toEqual({ box: [0, 0, 2, 1], runs: [0, 2] });
    expect(memory.unpacked({ box: [0, 0, 2, 1], runs: "02" })).toBe(first);
    expect(memory.unpacked({ box: [5, 0, 7, 1], runs: "02" }).box).toEqual([5, 0, 7, 1]);
  });
  test("those not seen for longest are forgotten", () => {
    const memory = new MaskMemory(4);
    const [a, b, c] = ["02", "03", "04"].map((runs, i) => ({ box: [0, 0, i + 2, 1] as const, runs }));
    const [first, second] = [memory.unpacked(a!), memory.unpacked(b!)];
    expect(memory.unpacked(a!)).toBe(first);
    memory.unpacked(c!);
    expect(memory.unpacked(a!)).toBe(first);
    expect(memory.unpacked(b!)).not.toBe(second);
  });
});
