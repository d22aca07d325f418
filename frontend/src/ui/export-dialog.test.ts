import { expect, test } from "vitest";

import { unsavedWords } from "./export-dialog";

test("what is not saved yet is said to be missing from the zip", () => {
  const saving = { state: "retrying", waiting: 0, problem: null, attempts: 3 } as const;
  expect(unsavedWords({ saving })).toEqual([]);
  expect(unsavedWords({ saving: { ...saving, waiting: 1 } })).toEqual(["1 change not saved yet: not in the zip."]);
});
