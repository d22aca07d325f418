/** The image's objects as they are to be drawn: the server's, with what is on its way to it. */

import type { PendingAction, PendingChange } from "./desk";
import { sameMask } from "./runs";
import type { ShownObject } from "./state";
import type { ImageDetail, ImageObject, ObjectFields, Point } from "./types";

/** One for each saved object, so that what did not change stays the same value. */
const savedForms = new WeakMap<ImageObject, ShownObject>();

function saved(object: ImageObject): ShownObject {
  let form = savedForms.get(object);
  if (!form) {
    form = { ...object, saved: true };
    savedForms.set(object, form);
  }
  return form;
}

export function shownObjects(
  image: ImageDetail,
  actions: readonly PendingAction[],
  author: string,
): readonly ShownObject[] {
  const shown = image.objects.map(saved);
  const changes = actions.flatMap((action) => action.changes);
  return changes.reduce((objects, change) => withChange(objects, change, author), shown);
}

function withChange(objects: ShownObject[], change: PendingChange, author: string): ShownObject[] {
  const { id, object } = change;
  if (!object) return objects.filter((shown) => shown.id !== id);
  if (change.isNew) {
    return [...objects, { ...object, id, author, seconds: 0, inputs: 0, saved: false }];
  }
  return objects.map((shown) => (shown.id === id ? { ...shown, ...object, saved: false } : shown));
}

export function fieldsOfObject(object: ObjectFields): ObjectFields {
  const { class_id, mask, points, confidence, visible, locked } = object;
  return { class_id, mask, points, confidence, visible, locked };
}

export function sameFields(a: ObjectFields, b: ObjectFields): boolean {
  return (
    a.class_id === b.class_id &&
    a.confidence === b.confidence &&
    a.visible === b.visible &&
    a.locked === b.locked &&
    samePoints(a.points, b.points) &&
    sameMask(a.mask, b.mask)
  );
}

function samePoints(a: readonly Point[], b: readonly Point[]): boolean {
  return a.length === b.length && a.every(([x, y], i) => x === b[i][0] && y === b[i][1]);
}

/** The newer image with the older one's objects where nothing changed: only others are redrawn. */
export function keepingSame(before: ImageDetail | null, now: ImageDetail): ImageDetail {
  if (before?.id !== now.id) return now;
  const known = new Map(before.objects.map((object) => [object.id, object]));
  const objects = now.objects.map((object) => {
    const old = known.get(object.id);
    if (!old) return object;
    const same =
      old.author === object.author &&
      old.seconds === object.seconds &&
      old.inputs === object.inputs &&
      sameFields(old, object);
    return same ? old : object;
  });
  return { ...now, objects };
}
