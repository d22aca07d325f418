import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { eachRowRun } from "./row-runs";
import { anyBitmap, drawn } from "./testing/drawings";

type Run = [row: number, start: number, end: number];

function runsIn(bitmap: ReturnType<typeof drawn>, value: 0 | 1): Run[] {
  const runs: Run[] = [];
  eachRowRun(bitmap, value, (...run) => runs.push(run));
  return runs;
}

describe("runs of rows", () => {
  test("each is told by its row and columns", () => {
    const bitmap = drawn(["##.#", "....", "####"]);
    expect(runsIn(bitmap, 1)).toEqual([[0, 0, 2], [0, 3, 4], [2, 0, 4]]);
    expect(runsIn(bitmap, 0)).toEqual([[0, 2, 3], [1, 0, 4]]);
  });
  test("a run never goes on into the next row", () => {
    expect(runsIn(drawn(["##", "##"]), 1)).toEqual([[0, 0, 2], [1, 0, 2]]);
  });
  test("nothing has no runs", () => {
    expect(runsIn(drawn([]), 1)).toEqual([]);
    expect(runsIn(drawn(["..."]), 1)).toEqual([]);
  });
  test("ones and zeros together are every pixel once", () => {
    fc.assert(
      fc.property(anyBitmap, (bitmap) => {
        const width = bitmap.box[2] - bitmap.box[0];
        const again = new Uint8Array(bitmap.data.length).fill(7);
        for (const value of [0, 1] as const) {
          for (const [row, start, end] of runsIn(bitmap, value)) {
            again.fill(value, row * width + start, row * width + end);
          }
        }
        expect(again).toEqual(bitmap.data);
      }),
    );
  });
});
