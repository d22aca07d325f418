/** How long and how many inputs an object took, as the person spent them. */

/** A longer pause is no work. */
export const IDLE_MS = 30_000;

export interface Effort {
  readonly activeMs: number;
  /** Clicks, strokes and keys. */
  readonly inputs: number;
  /** When the hand was last seen; null before the first time. */
  readonly lastMs: number | null;
}

export const NO_EFFORT: Effort = { activeMs: 0, inputs: 0, lastMs: null };

/** The time since the last sign of activity counts, unless it was a pause. */
export function active(effort: Effort, nowMs: number): Effort {
  const gap = effort.lastMs === null ? 0 : nowMs - effort.lastMs;
  const counted = gap > 0 && gap <= IDLE_MS ? gap : 0;
  return { ...effort, activeMs: effort.activeMs + counted, lastMs: nowMs };
}

export function withInput(effort: Effort, nowMs: number): Effort {
  const seen = active(effort, nowMs);
  return { ...seen, inputs: seen.inputs + 1 };
}

/** What comes after an accepted action starts where that one ended. */
export function startedAfter(effort: Effort): Effort {
  return { ...NO_EFFORT, lastMs: effort.lastMs };
}

/** To the millisecond. */
export function secondsOf(effort: Effort): number {
  return Math.round(effort.activeMs) / 1000;
}
