import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { newDraft } from "./draft";
import { historyOf, redone, stepped, undone, withPrediction } from "./draft-history";
import type { Point } from "./types";

const points: readonly Point[] = [[0, 0], [4, 0], [4, 4], [0, 4]];
const prediction = (of: readonly Point[]) => ({
  points: of,
  mask: { box: [0, 0, 4, 4] as const, runs: [0, 16] },
  confidence: 0.9,
  notes: [],
});

describe("the draft's steps", () => {
  test("undo as often as there were steps leads to the beginning, redo to the end", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(20), (steps, back) => {
        let history = historyOf(null);
        for (let i = 0; i < steps; i++) history = stepped(history, newDraft(i), `step ${i}`);
        const end = history.present;
        const times = Math.min(back, steps);
        for (let i = 0; i < times; i++) history = undone(history);
        expect(history.present.content?.classId ?? -1).toBe(steps - times - 1);
        for (let i = 0; i < times; i++) history = redone(history);
        expect(history.present).toBe(end);
      }),
    );
  });
  test("nothing to undo or redo changes nothing", () => {
    const history = historyOf(null);
    expect(undone(history)).toBe(history);
    expect(redone(history)).toBe(history);
  });
  test("a new step ends what could be redone", () => {
    const history = stepped(undone(stepped(historyOf(null), newDraft(1), "a")), newDraft(2), "b");
    expect(history.future).toEqual([]);
  });
  test("a prediction goes to every step with its points", () => {
    const content = { ...newDraft(1), points };
    const brushed = { ...content, corrections: [{ kind: "grow" as const }] };
    const history = stepped(stepped(historyOf(null), content, "Point"), brushed, "Grow");
    const known = withPrediction(history, prediction(points));
    expect(known.present.content?.predicted?.points).toBe(points);
    expect(undone(known).present.content?.predicted?.points).toBe(points);
  });
  test("one for older points is shown until the right one comes, and not on older steps", () => {
    const moved = points.with(0, [1, 1]);
    const before = { ...newDraft(1), points: points.slice(0, 3) };
    const history = stepped(
      stepped(historyOf(null), before, "Point"),
      { ...newDraft(1), points: moved },
      "Move",
    );
    const known = withPrediction(history, prediction(points));
    expect(known.present.content?.predicted?.points).toBe(points);
    expect(undone(known).present.content?.predicted).toBeNull();
    const right = withPrediction(known, prediction(moved));
    expect(right.present.content?.predicted?.points).toBe(moved);
  });
});
