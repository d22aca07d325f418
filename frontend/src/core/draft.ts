/** The content of a draft: points, what the model made of them, and corrections by hand. */

import { corrected, type Correction } from "./corrections";
import { bitmapOf, runsOf } from "./runs";
import type { Draft } from "./state";
import { EMPTY_MASK } from "./types";
import type { ImageObject, MaskRuns, ObjectFields, Point, Size } from "./types";

/** As many points as a prediction needs at least. */
export const LEAST_POINTS = 4;

export interface Prediction {
  /** The points asked about: the draft's own array when it is up to date. */
  readonly points: readonly Point[];
  readonly mask: MaskRuns;
  readonly confidence: number | null;
  readonly notes: readonly string[];
}

export interface DraftContent {
  readonly objectId: number | null;
  readonly classId: number;
  readonly points: readonly Point[];
  readonly predicted: Prediction | null;
  /** Done again, in order, on each new prediction. */
  readonly corrections: readonly Correction[];
}

export function newDraft(classId: number): DraftContent {
  return { objectId: null, classId, points: [], predicted: null, corrections: [] };
}

export function draftOf(object: ImageObject): DraftContent {
  const { id, class_id, points, mask, confidence } = object;
  return {
    objectId: id,
    classId: class_id,
    points,
    predicted: { points, mask, confidence, notes: [] },
    corrections: [],
  };
}

/** The prediction, unless points were taken back since and too few for another are left. */
export function standing({ points, predicted }: DraftContent): Prediction | null {
  if (!predicted || points.length >= LEAST_POINTS) return predicted;
  return samePoints(points, predicted.points) ? predicted : null;
}

function samePoints(a: readonly Point[], b: readonly Point[]): boolean {
  return a === b || (a.length === b.length && a.every(([x, y], i) => x === b[i]![0] && y === b[i]![1]));
}

/** Whether the same was done for both, whatever the model has answered so far. */
export function sameWork(a: DraftContent, b: DraftContent): boolean {
  return (
    a.objectId === b.objectId &&
    a.classId === b.classId &&
    samePoints(a.points, b.points) &&
    JSON.stringify(a.corrections) === JSON.stringify(b.corrections)
  );
}

export function needsPrediction({ points, predicted }: DraftContent): boolean {
  return points.length >= LEAST_POINTS && predicted?.points !== points;
}

/**
 * Masks after corrections, by the list of corrections: moving a point makes a new content each
 * time, but the same corrections of the same prediction need no second look.
 */
const masks = new WeakMap<
  readonly Correction[],
  { readonly predicted: Prediction | null; readonly mask: MaskRuns }
>();

/** Does only the new correction; the ones before are done already. */
export function withCorrection(
  content: DraftContent,
  correction: Correction,
  size: Size,
): DraftContent {
  const predicted = standing(content);
  const corrections = [...content.corrections, correction];
  const before = bitmapOf(maskOf(content, size) ?? EMPTY_MASK);
  const mask = runsOf(corrected(before, correction, size));
  masks.set(corrections, { predicted, mask });
  return { ...content, corrections };
}

/** Null when there is neither a prediction nor a correction. */
export function maskOf(content: DraftContent, size: Size): MaskRuns | null {
  const { corrections } = content;
  const predicted = standing(content);
  if (!corrections.length) return predicted?.mask ?? null;
  const known = masks.get(corrections);
  if (known?.predicted === predicted) return known.mask;
  const start = bitmapOf(predicted?.mask ?? EMPTY_MASK);
  const mask = runsOf(corrections.reduce((bitmap, next) => corrected(bitmap, next, size), start));
  masks.set(corrections, { predicted, mask });
  return mask;
}

/** What is saved when the draft is accepted. */
export function fieldsOf(content: DraftContent, mask: MaskRuns): ObjectFields {
  const { classId, points, corrections } = content;
  return {
    class_id: classId,
    mask,
    points,
    // The model's estimate is of its own mask, not of one changed by hand.
    confidence: corrections.length ? null : (standing(content)?.confidence ?? null),
    visible: true,
    locked: false,
  };
}

export function shownDraft(
  content: DraftContent,
  size: Size,
  { accepting, problem }: Pick<Draft, "accepting" | "problem">,
): Draft {
  return {
    objectId: content.objectId,
    classId: content.classId,
    points: content.points,
    mask: maskOf(content, size),
    confidence: standing(content)?.confidence ?? null,
    predicting: needsPrediction(content),
    accepting,
    problem,
    notes: standing(content)?.notes ?? [],
  };
}
