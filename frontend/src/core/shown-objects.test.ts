import { describe, expect, test } from "vitest";

import type { PendingAction } from "./desk";
import { keepingSame, sameFields, shownObjects } from "./shown-objects";
import { FakeServer } from "./testing/fake-server";
import type { ImageDetail, ImageObject } from "./types";

const object = (id: number): ImageObject => ({
  id, class_id: 1, mask: { box: [0, 0, 1, 1], runs: [0, 1] }, points: [[1, 2]], confidence: 0.5,
  visible: true, locked: false, author: "me", seconds: 1, inputs: 1,
});
const image = (...objects: ImageObject[]): ImageDetail => ({
  ...new FakeServer(1).image(1), objects,
});
const action = (changes: PendingAction["changes"]): PendingAction => ({
  kind: "action", imageId: 1, requestId: "r", order: 1, label: "x", changes, seconds: 0,
  inputs: 0, draft: null,
});

describe("objects as they are shown", () => {
  test("what is on its way is there already, marked as not saved", () => {
    const changes = [
      { id: -1, isNew: true, object: object(0), base: null },
      { id: 1, isNew: false, object: { ...object(1), class_id: 2 }, base: object(1) },
      { id: 2, isNew: false, object: null, base: object(2) },
    ];
    const shown = shownObjects(image(object(1), object(2), object(3)), [action(changes)], "Ann");
    expect(shown.map(({ id, saved, class_id }) => [id, saved, class_id])).toEqual([
      [1, false, 2],
      [3, true, 1],
      [-1, false, 1],
    ]);
    expect(shown[2].author).toBe("Ann");
  });
  test("an object that did not change is the same value again", () => {
    const now = image(object(1));
    expect(shownObjects(now, [], "")[0]).toBe(shownObjects(now, [], "")[0]);
  });
  test("an image read again keeps the objects that are the same", () => {
    const before = image(object(1), object(2));
    const again = structuredClone(image(object(1), { ...object(2), locked: true }));
    const now = keepingSame(before, again);
    expect(now.objects[0]).toBe(before.objects[0]);
    expect(now.objects[1]).not.toBe(before.objects[1]);
    expect(keepingSame(null, again)).toBe(again);
  });
  test("fields are compared to the last run and point", () => {
    expect(sameFields(object(1), structuredClone(object(1)))).toBe(true);
    expect(sameFields(object(1), { ...object(1), points: [[1, 2.5]] })).toBe(false);
    const mask = { box: [0, 0, 1, 1] as const, runs: [1] };
    expect(sameFields(object(1), { ...object(1), mask })).toBe(false);
  });
});
