import { describe, expect, it } from "vitest";

import { loupeCorner, loupeScale, loupeWanted, Placing } from "./loupe";

const canvas = { width: 800, height: 600 };

describe("the loupe", () => {
  it("stands beside the pointer, never over it", () => {
    for (const [x, y] of [[400, 300], [790, 10], [5, 5], [795, 595], [0, 599]] as const) {
      const [left, top] = loupeCorner([x, y], canvas);
      expect(left >= x || left + 136 <= x || top >= y || top + 136 <= y).toBe(true);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left + 136).toBeLessThanOrEqual(800);
      expect(top).toBeGreaterThanOrEqual(0);
      expect(top + 136).toBeLessThanOrEqual(600);
    }
  });

  it("comes by itself while points are placed and pixels are small", () => {
    expect(loupeWanted("auto", 0.3, true)).toBe(true);
    expect(loupeWanted("auto", 0.3, false)).toBe(false);
    expect(loupeWanted("auto", 8, true)).toBe(false);
    expect(loupeWanted("on", 8, false)).toBe(true);
    expect(loupeWanted("off", 0.3, true)).toBe(false);
  });

  it("shows single pixels whatever the zoom", () => {
    expect(loupeScale(0.05)).toBe(6);
    expect(loupeScale(3)).toBe(12);
    expect(loupeScale(50)).toBe(32);
  });
});

describe("placing points", () => {
  it("goes on until the fourth click, and again at a point that the pointer comes to", () => {
    const placing = new Placing();
    expect(placing.goesOn(0, false, [10, 10])).toBe(true);
    expect(placing.goesOn(3, true, [50, 50])).toBe(true);
    expect(placing.goesOn(4, true, [90, 50])).toBe(false);
    expect(placing.goesOn(4, true, [92, 51])).toBe(false);
    expect(placing.goesOn(4, false, [70, 60])).toBe(false);
    expect(placing.goesOn(4, true, [90, 50])).toBe(true);
    expect(placing.goesOn(5, true, [90, 50])).toBe(false);
    expect(placing.goesOn(0, false, [90, 50])).toBe(true);
  });
});
