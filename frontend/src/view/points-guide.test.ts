import { describe, expect, it } from "vitest";

import { shownSides, whatIsMissing } from "./points-guide";

describe("the guide", () => {
  it("knows nothing for certain after one point", () => {
    expect(shownSides([[5, 5]]).size).toBe(0);
    expect(whatIsMissing([[5, 5]])).toBe("3 more extreme points, in any order");
  });

  it("knows the one side that is missing", () => {
    // Left, top and right of a diamond; its lowest point so far is in the middle of a side.
    expect(shownSides([[0, 50], [50, 0], [100, 40]])).toEqual(new Set(["top", "right"]));
    expect(whatIsMissing([[0, 50], [50, 0], [100, 40]])).toBe(
      "One more: the left-most or bottom point");
  });

  it("is quiet once there are four", () => {
    expect(whatIsMissing([[0, 5], [5, 0], [9, 5], [5, 9]])).toBe("");
    expect(shownSides([[0, 5], [5, 0], [9, 5], [5, 9]]).size).toBe(4);
  });

  it("says what to do at the beginning", () => {
    expect(whatIsMissing([])).toContain("in any order");
  });
});
