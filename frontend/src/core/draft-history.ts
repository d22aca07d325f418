/** The steps of a draft, which are undone here before anything is undone on the server. */

import type { DraftContent, Prediction } from "./draft";

export interface Step {
  /** Null: there was no draft. */
  readonly content: DraftContent | null;
  /** What led to it, for the undo menu. */
  readonly label: string;
}

export interface DraftHistory {
  readonly past: readonly Step[];
  readonly present: Step;
  /** The next to redo comes last. */
  readonly future: readonly Step[];
}

/** More steps than this are forgotten from the far end. */
const MOST_STEPS = 500;

/** Steps kept over a reload have no more characters than this: the browser's storage is small. */
const MOST_KEPT = 200_000;

/** @param past steps before it, as `keptSteps` gave them; the draft can be undone as a whole. */
export function historyOf(
  content: DraftContent | null,
  past: readonly Step[] = [],
  label = "Draft",
): DraftHistory {
  const none: Step = { content: null, label: "" };
  if (!content) return { past: [], present: none, future: [] };
  const whole = past[0]?.content === null ? past : [none, ...past];
  return { past: whole, present: { content, label }, future: [] };
}

/** The last steps before the present, as many as the browser may keep. */
export function keptSteps({ past }: DraftHistory): readonly Step[] {
  let size = 0;
  const fits = (step: Step): boolean => (size += JSON.stringify(step).length) <= MOST_KEPT;
  const first = past.findLastIndex((step) => !fits(step));
  return past.slice(first + 1);
}

export function stepped(
  history: DraftHistory,
  content: DraftContent | null,
  label: string,
): DraftHistory {
  const past = [...history.past, history.present].slice(-MOST_STEPS);
  return { past, present: { content, label }, future: [] };
}

/** The present without a step of its own: while a point is under the hand. */
export function replaced(history: DraftHistory, content: DraftContent): DraftHistory {
  return { ...history, present: { ...history.present, content } };
}

export function undone(history: DraftHistory): DraftHistory {
  const before = history.past.at(-1);
  if (!before) return history;
  const future = [...history.future, history.present];
  return { past: history.past.slice(0, -1), present: before, future };
}

export function redone(history: DraftHistory): DraftHistory {
  const next = history.future.at(-1);
  if (!next) return history;
  const past = [...history.past, history.present];
  return { past, present: next, future: history.future.slice(0, -1) };
}

/**
 * Gives a prediction to every step that has exactly its points, and to the present also when the
 * points have moved on since: something nearly right is better to see than something older.
 */
export function withPrediction(history: DraftHistory, prediction: Prediction): DraftHistory {
  const exact = (step: Step): Step =>
    step.content && step.content.points === prediction.points
      ? { ...step, content: { ...step.content, predicted: prediction } }
      : step;
  const { present } = history;
  const stale = present.content && present.content.predicted?.points !== present.content.points;
  return {
    past: history.past.map(exact),
    present:
      stale && present.content
        ? { ...present, content: { ...present.content, predicted: prediction } }
        : exact(present),
    future: history.future.map(exact),
  };
}
