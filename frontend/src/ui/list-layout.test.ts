import { describe, expect, it } from "vitest";

import { offsetToShow, windowOf } from "./list-layout";

describe("a long list", () => {
  it("shows what is seen and a few beyond", () => {
    expect(windowOf(1000, 50, 500, 200)).toEqual({ first: 7, end: 17 });
  });

  it("stays within its items", () => {
    expect(windowOf(4, 50, 0, 400)).toEqual({ first: 0, end: 4 });
    expect(windowOf(0, 50, 0, 400)).toEqual({ first: 0, end: 0 });
    expect(windowOf(4, 50, 99_999, 400)).toEqual({ first: 4, end: 4 });
  });

  it("scrolls only as far as needed", () => {
    expect(offsetToShow(2, 50, 0, 200)).toBe(0);
    expect(offsetToShow(6, 50, 0, 200)).toBe(150);
    expect(offsetToShow(1, 50, 300, 200)).toBe(50);
  });
});
