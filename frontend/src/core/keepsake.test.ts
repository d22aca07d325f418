import { describe, expect, test } from "vitest";

import type { PendingStep } from "./desk";
import { newDraft } from "./draft";
import { Keepsake } from "./keepsake";
import { FakeStorage } from "./testing/session-at-work";

const step = (requestId: string, order: number): PendingStep => ({
  kind: "undo", imageId: 1, requestId, order,
});

function keepsake(storage = new FakeStorage(), project = "farm"): Keepsake {
  return new Keepsake(storage, project, () => undefined);
}

describe("what the browser keeps", () => {
  test("a draft belongs to one photo", () => {
    const kept = keepsake();
    const draft = { content: "abc", draft: newDraft(1), activeMs: 5, inputs: 2 };
    kept.keepDraft(1, draft);
    expect(kept.draft(1, "abc")).toEqual(draft);
    expect(kept.draft(1, "other")).toBeNull();
    expect(kept.draft(2, "abc")).toBeNull();
    kept.keepDraft(1, null);
    expect(kept.draft(1, "abc")).toBeNull();
  });
  test("what waits comes back in its order", () => {
    const kept = keepsake();
    for (const [id, order] of [["a", 10], ["b", 9]] as const) kept.keepPending(step(id, order));
    expect(kept.pending().map(({ requestId }) => requestId)).toEqual(["b", "a"]);
    kept.forgetPending("b");
    expect(kept.pending()).toHaveLength(1);
  });
  test("two projects on one address do not mix", () => {
    const storage = new FakeStorage();
    keepsake(storage, "farm").keepPending(step("a", 1));
    expect(keepsake(storage, "town").pending()).toEqual([]);
  });
  test("text that is no JSON is as if it were not there", () => {
    const storage = new FakeStorage();
    keepsake(storage).keepPending(step("a", 1));
    for (const key of storage.keys()) storage.set(key, "{half");
    expect(keepsake(storage).pending()).toEqual([]);
    expect(keepsake(storage).habits()).toEqual({});
  });
  test("a full storage is told", () => {
    const storage = new FakeStorage();
    storage.full = true;
    const told: string[] = [];
    new Keepsake(storage, "farm", (problem) => told.push(problem)).keepPending(step("a", 1));
    expect(told).toHaveLength(1);
  });
  test("a storage that is switched off keeps nothing, and that is told once", () => {
    const off = (): never => {
      throw new Error("denied");
    };
    const told: string[] = [];
    const kept = new Keepsake({ get: off, set: off, remove: off, keys: off }, "farm", (problem) =>
      told.push(problem),
    );
    kept.keepPending(step("a", 1));
    kept.keepPending(step("b", 2));
    kept.forgetPending("a");
    expect([kept.pending(), kept.draft(1, "abc"), kept.habits()]).toEqual([[], null, {}]);
    expect(told).toEqual([expect.stringContaining("switched off")]);
  });
});
