import { describe, expect, it } from "vitest";

import { levelFor, parentOf, tileArea, tilesOver } from "./tiles";

const pyramid = { width: 3000, height: 1000, levels: 4, tilePx: 512 };

describe("the level", () => {
  it("has a pixel for every pixel of the device", () => {
    expect(levelFor(1, 4)).toBe(0);
    expect(levelFor(0.51, 4)).toBe(0);
    expect(levelFor(0.5, 4)).toBe(1);
    expect(levelFor(0.2, 4)).toBe(2);
  });

  it("stays within the pyramid", () => {
    expect(levelFor(30, 4)).toBe(0);
    expect(levelFor(0.001, 4)).toBe(3);
  });
});

describe("tiles", () => {
  it("cover the area and nothing beyond the photo", () => {
    const found = tilesOver(pyramid, [-500, -500, 9000, 9000], 0);
    expect(found).toHaveLength(6 * 2);
    expect(new Set(found.map((tile) => tile.column))).toEqual(new Set([0, 1, 2, 3, 4, 5]));
  });

  it("come from the middle outwards", () => {
    expect(tilesOver(pyramid, [600, 10, 1300, 500], 0)[0]).toEqual({ level: 0, column: 1, row: 0 });
  });

  it("do not include one that is only touched", () => {
    expect(tilesOver(pyramid, [0, 0, 512, 512], 0)).toHaveLength(1);
  });

  it("end where the photo ends", () => {
    expect(tileArea(pyramid, { level: 1, column: 2, row: 0 })).toEqual([2048, 0, 3000, 1000]);
  });

  it("lie within their parents", () => {
    expect(parentOf({ level: 0, column: 5, row: 1 }, 4)).toEqual({ level: 1, column: 2, row: 0 });
    expect(parentOf({ level: 3, column: 0, row: 0 }, 4)).toBeNull();
  });
});
