import { expect, test } from "vitest";

import { samePhoto, takesPresses, troubleOf } from "./photo-trouble";

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

test("a photo is another where both its name and its content are", () => {
  const mark = { path: "a.jpg", content: "1" };
  expect(samePhoto(mark, { path: "b.jpg", content: "1" })).toBe(true);
  expect(samePhoto(mark, { path: "a.jpg", content: "2" })).toBe(true);
  expect(samePhoto(mark, { path: "b.jpg", content: "2" })).toBe(false);
});
