/** An action that met a conflict, on the image as it is now. */

import type { PendingAction, PendingChange } from "./desk";
import { sameFields } from "./shown-objects";
import type { Conflict } from "./state";
import type { ImageDetail } from "./types";

export interface Rebased {
  /** What can be sent after all; null when nothing is left. */
  readonly action: PendingAction | null;
  /** What both changed, for the person to decide. */
  readonly conflicts: readonly Conflict[];
  /** What the action did not come to, and why, as a sentence; null when nothing was dropped. */
  readonly dropped: string | null;
}

/**
 * New objects contradict nobody. A change or deletion of an object holds if the object is still
 * as it was when the person changed it; a deletion of one that someone else changed is dropped.
 * An action that means something only as a whole (merge, split) is sent whole or not at all.
 */
export function rebased(action: PendingAction, image: ImageDetail): Rebased {
  const theirs = new Map(image.objects.map((object) => [object.id, object]));
  const holds = ({ id, isNew, base }: PendingChange): boolean => {
    const now = theirs.get(id);
    return isNew || (base !== null && now !== undefined && sameFields(base, now));
  };
  const changes = action.changes.filter(holds);
  if (action.whole && changes.length < action.changes.length) {
    const dropped =
      `Not done: ${action.label}. Someone else changed one of the objects meanwhile: ` +
      "look at them, then do it again.";
    return { action: null, conflicts: [], dropped };
  }
  const conflicts = action.changes.flatMap((change): Conflict[] => {
    if (holds(change) || !change.object) return [];
    const { id, object } = change;
    const key = `${action.requestId}-${id}`;
    const { imageId, photo } = action;
    return [{ key, imageId, photo, objectId: id, mine: object, theirs: theirs.get(id) ?? null }];
  });
  const spared = action.changes.some(
    (change) => !change.object && !holds(change) && theirs.has(change.id),
  );
  const dropped = spared
    ? "Not deleted: someone else changed the object meanwhile. Look at it, then delete it again."
    : null;
  return { action: changes.length ? { ...action, changes } : null, conflicts, dropped };
}

/**
 * The ids that the server gave to an action's new objects: theirs by ours. Where the action was
 * done before `before` was read (its answer was lost, then the page reloaded), its objects are
 * known by what they are.
 */
export function givenIds(
  action: PendingAction,
  before: ImageDetail | null,
  now: ImageDetail,
): ReadonlyMap<number, number> {
  const known = new Set(before?.objects.map(({ id }) => id));
  const fresh = now.objects.filter(({ id }) => !known.has(id)).map(({ id }) => id);
  const wanted = action.changes.filter(({ isNew }) => isNew);
  if (fresh.length < wanted.length) return idsByForm(wanted, now);
  // The server numbers them in order; one that came before them is of someone else.
  const ours = fresh.sort((a, b) => a - b).slice(-wanted.length || fresh.length);
  return new Map(wanted.map(({ id }, i) => [id, ours[i]]));
}

function idsByForm(wanted: readonly PendingChange[], now: ImageDetail): Map<number, number> {
  const ids = new Map<number, number>();
  const left = [...now.objects];
  // From the end: the last that looks so is the newest.
  for (const { id, object } of wanted.toReversed()) {
    const at = left.findLastIndex((one) => object !== null && sameFields(object, one));
    if (at >= 0) ids.set(id, left.splice(at, 1)[0].id);
  }
  return ids;
}

/** The same change under the id that its object has now. */
export function renamed(
  change: PendingChange,
  ids: ReadonlyMap<number, number>,
  image: ImageDetail,
): PendingChange {
  const id = ids.get(change.id);
  if (id === undefined) return change;
  return { ...change, id, base: image.objects.find((object) => object.id === id) ?? null };
}
