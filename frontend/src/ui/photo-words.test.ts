import { expect, test } from "vitest";

import { photoNote, troubleWords } from "./photo-words";

const good = { missing: false, changed: false, problem: null, content: "a", objects: [] };

test("all is well without a word", () => {
  expect(troubleWords(good)).toBeNull();
  expect(photoNote(good)).toBeNull();
});

test("what is wrong is said in the list and on the stage", () => {
  expect(troubleWords({ ...good, problem: "a.jpg is damaged" })).toBe("cannot be read: a.jpg is damaged");
  expect(photoNote({ ...good, changed: true })).toContain("replaced");
  expect(photoNote({ ...good, missing: true })).toBe("This photo is no longer in the folder.");
  expect(photoNote({ ...good, missing: true, objects: [1] })).toContain("objects are kept");
});
