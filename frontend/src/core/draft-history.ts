/** The steps of a draft, which are undone here before anything is undone on the server. */

import type { DraftContent, Prediction } from "./draft";

interface Step {
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

export function historyOf(content: DraftContent | null): DraftHistory {
  const none: Step = { content: null, label: "" };
  // A draft that comes back after a reload can be undone as a whole.
  return content
    ? { past: [none], present: { content, label: "Draft" }, future: [] }
    : { past: [], present: none, future: [] };
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
