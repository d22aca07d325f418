import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { pixelAt } from "./bitmap";
import { grown, shrunk } from "./morphology";
import { SQUARE_20, anyBitmap, drawn, pictured, shown } from "./testing/drawings";

const NEIGHBOURS = [[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]] as const;

describe("grow and shrink", () => {
  test("one pixel grows to a plus", () => {
    const size = { width: 3, height: 3 };
    expect(shown(grown(drawn(["#"], 1, 1), size), size)).toEqual([".#.", "###", ".#."]);
  });
  test("growing stops at the image's frame", () => {
    const size = { width: 2, height: 2 };
    expect(shown(grown(drawn(["#"]), size), size)).toEqual(["##", "#."]);
  });
  test("an object cut by the frame does not shrink from there", () => {
    const size = { width: 4, height: 2 };
    expect(shown(shrunk(drawn(["###.", "###."]), size), size)).toEqual(["##..", "##.."]);
  });
  test("a single pixel shrinks to nothing", () => {
    expect(shown(shrunk(drawn(["#"], 1, 1), SQUARE_20), SQUARE_20).join("")).not.toContain("#");
  });
  test("grown has a pixel where any edge neighbour had one; shrunk where all had", () => {
    fc.assert(
      fc.property(anyBitmap, (bitmap) => {
        const around = (x: number, y: number): number[] =>
          NEIGHBOURS.map(([dx, dy]) => [x + dx, y + dy])
            .filter(([nx, ny]) => nx >= 0 && ny >= 0 && nx < 20 && ny < 20)
            .map(([nx, ny]) => pixelAt(bitmap, nx, ny));
        const any = pictured(SQUARE_20, (x, y) => Math.max(...around(x, y)));
        const all = pictured(SQUARE_20, (x, y) => Math.min(...around(x, y)));
        expect(shown(grown(bitmap, SQUARE_20), SQUARE_20)).toEqual(any);
        expect(shown(shrunk(bitmap, SQUARE_20), SQUARE_20)).toEqual(all);
      }),
    );
  });
});
