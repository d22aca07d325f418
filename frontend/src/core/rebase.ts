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
}

/**
 * New objects contradict nobody. A change or deletion of an object holds if the object is still
 * as it was when the person changed it; a deletion of one that someone else changed is dropped.
 */
export function rebased(action: PendingAction, image: ImageDetail): Rebased {
  const theirs = new Map(image.objects.map((object) => [object.id, object]));
  const holds = ({ id, isNew, base }: PendingChange): boolean => {
    const now = theirs.get(id);
    return isNew || (base !== null && now !== undefined && sameFields(base, now));
  };
  const changes = action.changes.filter(holds);
  const conflicts = action.changes.flatMap((change): Conflict[] => {
    if (holds(change) || !change.object) return [];
    const { id, object } = change;
    const key = `${action.requestId}-${id}`;
    const { imageId } = action;
    return [{ key, imageId, objectId: id, mine: object, theirs: theirs.get(id) ?? null }];
  });
  return { action: changes.length ? { ...action, changes } : null, conflicts };
}

/** The ids that the server gave to an action's new objects: theirs by ours. */
export function givenIds(
  action: PendingAction,
  before: ImageDetail | null,
  now: ImageDetail,
): ReadonlyMap<number, number> {
  const known = new Set(before?.objects.map(({ id }) => id));
  const fresh = now.objects.filter(({ id }) => !known.has(id)).map(({ id }) => id);
  const wanted = action.changes.filter(({ isNew }) => isNew).map(({ id }) => id);
  // The server numbers them in order; one that came before them is of someone else.
  const ours = fresh.sort((a, b) => a - b).slice(-wanted.length || fresh.length);
  return new Map(wanted.map((id, i) => [id, ours[i]]));
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
