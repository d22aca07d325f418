import { expect, it } from "vitest";

import { squareAround } from "./object-thumbnail";

it("a thumbnail shows the whole object in the middle of a square", () => {
  const [x0, y0, x1, y1] = squareAround([100, 200, 300, 220]);
  expect(x1 - x0).toBeCloseTo(y1 - y0);
  expect((x0 + x1) / 2).toBeCloseTo(200);
  expect((y0 + y1) / 2).toBeCloseTo(210);
  expect(x0).toBeLessThan(100);
});
