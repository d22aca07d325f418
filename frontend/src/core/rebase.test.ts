import { describe, expect, test } from "vitest";

import type { PendingAction, PendingChange } from "./desk";
import { givenIds, rebased } from "./rebase";
import { FakeServer } from "./testing/fake-server";
import type { ImageDetail, ImageObject } from "./types";

const object = (id: number, classId = 1): ImageObject => ({
  id, class_id: classId, mask: { box: [0, 0, 1, 1], runs: [0, 1] }, points: [], confidence: null,
  visible: true, locked: false, author: "me", seconds: 1, inputs: 1,
});
const image = (...objects: ImageObject[]): ImageDetail => ({
  ...new FakeServer(1).image(1), objects,
});
const action = (...changes: PendingChange[]): PendingAction => ({
  kind: "action", imageId: 1, requestId: "r", order: 1, label: "x", changes, seconds: 0,
  inputs: 0, draft: null,
});
const change = (id: number, mine: ImageObject | null, base: ImageObject | null): PendingChange => ({
  id, isNew: base === null, object: mine, base,
});

describe("an action on an image that changed", () => {
  test("new objects and changes of what stayed the same can be sent", () => {
    const wanted = action(change(-1, object(0), null), change(5, object(5, 2), object(5)));
    const { action: left, conflicts } = rebased(wanted, image(object(5), object(6)));
    expect(left?.changes).toHaveLength(2);
    expect(conflicts).toEqual([]);
  });
  test("what both changed is a conflict; the rest is sent", () => {
    const wanted = action(change(-1, object(0), null), change(5, object(5, 2), object(5)));
    const { action: left, conflicts } = rebased(wanted, image(object(5, 3)));
    expect(left?.changes.map(({ id }) => id)).toEqual([-1]);
    expect(conflicts[0]).toMatchObject({
      objectId: 5,
      mine: { class_id: 2 },
      theirs: { class_id: 3 },
    });
  });
  test("changing what is gone is a conflict without theirs", () => {
    const wanted = action(change(5, object(5, 2), object(5)));
    const { action: left, conflicts } = rebased(wanted, image());
    expect(left).toBeNull();
    expect(conflicts[0].theirs).toBeNull();
  });
  test("what they changed is not deleted, and what is gone need not be", () => {
    const wanted = action(change(5, null, object(5)), change(6, null, object(6)));
    const { dropped, ...left } = rebased(wanted, image(object(5, 3)));
    expect(left).toEqual({ action: null, conflicts: [] });
    expect(dropped).toContain("Not deleted");
    expect(rebased(action(change(6, null, object(6))), image(object(5))).dropped).toBeNull();
  });
  test("what means something only as a whole is not sent in part", () => {
    const changes = [change(5, object(5, 2), object(5)), change(6, null, object(6))];
    const merge = { ...action(...changes), label: "Merge", whole: true };
    expect(rebased(merge, image(object(5), object(6))).action?.changes).toHaveLength(2);
    const { action: left, conflicts, dropped } = rebased(merge, image(object(5), object(6, 3)));
    expect({ left, conflicts }).toEqual({ left: null, conflicts: [] });
    expect(dropped).toContain("Not done: Merge.");
  });
});

describe("the ids of new objects", () => {
  test("are told by order", () => {
    const wanted = action(change(-1, object(0), null), change(-2, object(0), null));
    const ids = givenIds(wanted, image(object(5)), image(object(5), object(8), object(9)));
    expect([...ids]).toEqual([[-1, 8], [-2, 9]]);
  });
  test("another's that came before them are not taken for ours", () => {
    const wanted = action(change(-1, object(0), null));
    const ids = givenIds(wanted, image(object(5)), image(object(5), object(7), object(8)));
    expect([...ids]).toEqual([[-1, 8]]);
  });
  test("of an action that was done before are found by what the objects are", () => {
    const wanted = action(change(-1, object(0, 2), null), change(-2, object(0, 3), null));
    const now = image(object(5), object(8, 2), object(9, 3), object(10));
    expect([...givenIds(wanted, now, now)].sort()).toEqual([[-1, 8], [-2, 9]]);
    expect(givenIds(wanted, image(object(5)), image(object(5))).size).toBe(0);
  });
  test("without new objects there are none", () => {
    expect(givenIds(action(change(5, null, object(5))), image(object(5)), image()).size).toBe(0);
  });
});
