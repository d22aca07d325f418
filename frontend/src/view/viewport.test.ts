import { describe, expect, it } from "vitest";

import { around, fitted, panned, resized, scaledTo, toImage, toScreen, zoomed } from "./viewport";

const photo = { width: 4000, height: 3000 };

describe("a viewport", () => {
  it("shows the whole photo in the middle when fitted", () => {
    const view = fitted(photo, 1000, 800);
    const [left, top] = toScreen(view, [-0.5, -0.5]);
    const [right, bottom] = toScreen(view, [3999.5, 2999.5]);
    expect(left + right).toBeCloseTo(1000);
    expect(top + bottom).toBeCloseTo(800);
    expect(left).toBeGreaterThan(0);
    expect(top).toBeGreaterThan(0);
  });

  it("does not blow a tiny photo up beyond 8 times", () => {
    expect(fitted({ width: 10, height: 10 }, 1000, 800).scale).toBe(8);
  });

  it("takes a point to the screen and back", () => {
    const view = fitted(photo, 1000, 800);
    const [x, y] = toImage(view, toScreen(view, [123.25, -7]));
    expect(x).toBeCloseTo(123.25);
    expect(y).toBeCloseTo(-7);
  });

  it("puts the middle of the first pixel half a pixel from the photo's corner", () => {
    const view = { scale: 10, left: 0, top: 0, width: 100, height: 100 };
    expect(toScreen(view, [0, 0])).toEqual([5, 5]);
  });

  it("keeps what is under the pointer there while zooming", () => {
    const view = fitted(photo, 1000, 800);
    const before = toImage(view, [700, 300]);
    const after = toImage(zoomed(view, 3, [700, 300], photo), [700, 300]);
    expect(after[0]).toBeCloseTo(before[0]);
    expect(after[1]).toBeCloseTo(before[1]);
  });

  it("zooms neither in nor out for ever", () => {
    const view = fitted(photo, 1000, 800);
    expect(scaledTo(view, 1e9, [0, 0], photo).scale).toBe(64);
    expect(scaledTo(view, 1e-9, [0, 0], photo).scale).toBeCloseTo(view.scale / 2);
  });

  it("shows a small photo pixel for pixel on a screen of fine pixels", () => {
    const small = { width: 20, height: 20 };
    const view = fitted(small, 1000, 800);
    const actual = scaledTo(view, 0.5, [500, 400], small, 0.5);
    expect(actual.scale).toBe(0.5);
    expect(zoomed(actual, 0.8, [500, 400], small).scale).toBe(0.5);
  });

  it("moves the photo with the hand", () => {
    const view = { ...fitted(photo, 1000, 800), scale: 2 };
    const moved = panned(view, 30, -10, photo);
    const [x, y] = toScreen(moved, [1000, 1000]);
    const [x0, y0] = toScreen(view, [1000, 1000]);
    expect(x - x0).toBeCloseTo(30);
    expect(y - y0).toBeCloseTo(-10);
  });

  it("never loses the photo out of sight", () => {
    const far = panned(fitted(photo, 1000, 800), 1e6, 1e6, photo);
    const [left, top] = toScreen(far, [-0.5, -0.5]);
    expect(left).toBeCloseTo(1000 - 64);
    expect(top).toBeCloseTo(800 - 64);
  });

  it("keeps the middle in the middle when the window changes", () => {
    const view = zoomed(fitted(photo, 1000, 800), 3, [700, 300], photo);
    const small = resized(view, 600, 500, photo);
    const middle = toImage(view, [500, 400]);
    expect(toImage(small, [300, 250])[0]).toBeCloseTo(middle[0]);
    expect(toImage(small, [300, 250])[1]).toBeCloseTo(middle[1]);
  });

  it("keeps the whole photo in sight when the window changes, until it is zoomed or panned", () => {
    const view = fitted(photo, 1000, 800);
    expect(resized(view, 600, 500, photo)).toEqual(fitted(photo, 600, 500));
    expect(resized(resized(view, 600, 500, photo), 1000, 800, photo)).toEqual(view);
    const moved = panned(view, 5, 0, photo);
    expect(resized(moved, 600, 500, photo).scale).toBe(view.scale);
  });

  it("goes to a box with room around it", () => {
    const view = around([100, 100, 200, 150], 800, 600);
    expect(view.scale).toBeCloseTo((800 - 192) / 100);
    expect(toScreen(view, [149.5, 124.5])[0]).toBeCloseTo(400);
  });
});
