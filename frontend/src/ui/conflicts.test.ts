import { expect, test } from "vitest";

import type { Conflict } from "../core/state";
import type { ImageObject } from "../core/types";
import { conflictText } from "./conflicts";

const mine: ImageObject = {
  id: 7, class_id: 1, mask: { box: [0, 0, 1, 1], runs: [0, 1] }, points: [], confidence: null,
  visible: true, locked: false, author: "Ada", seconds: 1, inputs: 1,
};
const conflict: Conflict = {
  key: "k", imageId: 1, photo: { path: "a.jpg", content: "1" }, objectId: 7, mine, theirs: mine,
};

test("a conflict names its image where another is shown", () => {
  expect(conflictText(conflict, "cat", 1)).toBe("Ada changed this cat at the same time.");
  expect(conflictText(conflict, "cat", 2)).toBe("Ada changed this cat on a.jpg at the same time.");
  const deleted = { ...conflict, theirs: null };
  expect(conflictText(deleted, "cat", 2)).toBe("Someone deleted this cat on a.jpg while you changed it.");
  const { photo: _, ...old } = deleted;
  expect(conflictText(old, "cat", 2)).toContain("on another image");
});
