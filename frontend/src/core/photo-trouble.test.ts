import { expect, test } from "vitest";

import { takesPresses, troubleOf } from "./photo-trouble";

const good = { missing: false, changed: false, problem: null, content: "a" };

test("the worst of what is wrong is told", () => {
  expect(troubleOf(good)).toBeNull();
  expect(troubleOf({ ...good, changed: true })).toBe("changed");
  expect(troubleOf({ ...good, changed: true, problem: "damaged" })).toBe("unreadable");
  expect(troubleOf({ ...good, missing: true, problem: "damaged" })).toBe("missing");
});

test("clicks mean something where there is something to click on", () => {
  expect(takesPresses(good, "points")).toBe(true);
  expect(takesPresses({ ...good, changed: true }, "points")).toBe(true);
  expect(takesPresses({ ...good, missing: true }, "points")).toBe(false);
  expect(takesPresses({ ...good, missing: true }, "select")).toBe(true);
  expect(takesPresses({ ...good, problem: "damaged" }, "brush")).toBe(false);
});
