import { describe, expect, test } from "vitest";

import { fieldsOf, maskOf, needsPrediction, newDraft, withCorrection } from "./draft";
import { EMPTY_MASK, type Point } from "./types";

const size = { width: 20, height: 20 };
const points: readonly Point[] = [[5, 5], [8, 5], [8, 8], [5, 8]];
const mask = { box: [5, 5, 8, 8] as const, runs: [0, 9] };
const predicted = { points, mask, confidence: 0.8, notes: [] };

describe("a draft's content", () => {
  test("needs a prediction from the fourth point on, for exactly these points", () => {
    const draft = newDraft(1);
    expect(needsPrediction({ ...draft, points: points.slice(0, 3) })).toBe(false);
    expect(needsPrediction({ ...draft, points })).toBe(true);
    expect(needsPrediction({ ...draft, points, predicted })).toBe(false);
    expect(needsPrediction({ ...draft, points: [...points], predicted })).toBe(true);
  });
  test("has no mask before there is one", () => {
    expect(maskOf(newDraft(1), size)).toBeNull();
    expect(maskOf({ ...newDraft(1), points, predicted }, size)).toBe(mask);
  });
  test("with too few points left the prediction of more of them does not stand", () => {
    const left = { ...newDraft(1), points: points.slice(0, 3), predicted };
    expect(maskOf(left, size)).toBeNull();
    expect(fieldsOf(left, mask).confidence).toBeNull();
    // An object that never had points, or came back from storage, keeps its mask.
    const stored = { ...left, points: [[5, 5]] as const, predicted: { ...predicted, points: [[5, 5]] as const } };
    expect(maskOf(stored, size)).toBe(mask);
  });
  test("corrections are done again on a new prediction", () => {
    const grown = withCorrection({ ...newDraft(1), points, predicted }, { kind: "grow" }, size);
    expect(maskOf(grown, size)?.box).toEqual([4, 4, 9, 9]);
    const moved = { ...predicted, mask: { box: [10, 10, 12, 12] as const, runs: [0, 4] } };
    expect(maskOf({ ...grown, predicted: moved }, size)?.box).toEqual([9, 9, 13, 13]);
    expect(maskOf(grown, size)?.box).toEqual([4, 4, 9, 9]);
  });
  test("corrections that came from storage give the same mask", () => {
    const grown = withCorrection({ ...newDraft(1), points, predicted }, { kind: "grow" }, size);
    const kept = JSON.parse(JSON.stringify(grown)) as typeof grown;
    expect(maskOf(kept, size)).toEqual(maskOf(grown, size));
  });
  test("a mask changed by hand has no confidence of the model", () => {
    const draft = { ...newDraft(3), points, predicted };
    expect(fieldsOf(draft, mask)).toMatchObject({ class_id: 3, confidence: 0.8, points });
    const grown = withCorrection(draft, { kind: "grow" }, size);
    expect(fieldsOf(grown, EMPTY_MASK).confidence).toBeNull();
  });
});
