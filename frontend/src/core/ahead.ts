/** What is clicked after Enter while the mask is still awaited: the objects that come next. */

import { newDraft, type DraftContent } from "./draft";
import type { Point } from "./types";

/** An object after the one that is being accepted. */
export interface ObjectAhead {
  readonly classId: number;
  readonly points: readonly Point[];
  /** Enter was pressed for it too. */
  readonly accepted: boolean;
}

type Ahead = readonly ObjectAhead[];

export function draftAhead({ classId, points }: ObjectAhead): DraftContent {
  return { ...newDraft(classId), points };
}

/** The last, unless Enter was pressed for it. */
export function begunAhead(ahead: Ahead): ObjectAhead | null {
  const last = ahead.at(-1);
  return last && !last.accepted ? last : null;
}

/** A click belongs to the object that was begun; else it begins one of `classId`. */
export function clickedAhead(ahead: Ahead, point: Point, classId: number): Ahead {
  const last = begunAhead(ahead);
  return last
    ? lastChanged(ahead, { points: [...last.points, point] })
    : [...ahead, { classId, points: [point], accepted: false }];
}

/** Without the last Enter or click. */
export function takenBack(ahead: Ahead): Ahead {
  const last = ahead.at(-1);
  if (last?.accepted) return lastChanged(ahead, { accepted: false });
  const points = last?.points.slice(0, -1) ?? [];
  return points.length ? lastChanged(ahead, { points }) : ahead.slice(0, -1);
}

export function lastChanged(ahead: Ahead, change: Partial<ObjectAhead>): Ahead {
  const last = ahead.at(-1);
  return last ? ahead.with(-1, { ...last, ...change }) : ahead;
}
