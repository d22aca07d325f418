import { describe, expect, test } from "vitest";

import { MaskMemory } from "./packed-masks";
import type { ActionRequest, ObjectFields } from "./types";
import { actionToSend, imageOf, segmentationOf, type SentImage } from "./wire";

const fields: ObjectFields = {
  class_id: 1, mask: { box: [0, 0, 2, 2], runs: [1, 3] }, points: [[0, 1]], confidence: null,
  visible: true, locked: false,
};
const object = { ...fields, id: 7, author: "ann", seconds: 0, inputs: 0 };
const image: SentImage = {
  id: 1, path: "a.jpg", width: 9, height: 9, status: "new", reviewed_by: null,
  lowest_confidence: null, version: 2, missing: false, changed: false, problem: null, content: "ab",
  objects: [{ ...object, mask: { box: [0, 0, 2, 2], runs: "13" } }],
  can_undo: true, can_redo: false, undo_label: "Add", redo_label: null, levels: 1, tile_px: 512,
};

describe("messages", () => {
  test("an image's masks are unpacked, the rest is as it was", () => {
    expect(imageOf(image, new MaskMemory())).toEqual({ ...image, objects: [object] });
  });
  test("so is that of a segmentation", () => {
    const sent = {
      mask: { box: [0, 0, 2, 2], runs: "13" }, box: [0, 0, 2, 2], confidence: 0.5, notes: [],
      milliseconds: 9,
    } as const;
    expect(segmentationOf(sent, new MaskMemory())).toEqual({ ...sent, mask: fields.mask });
  });
  test("an action's masks are packed", () => {
    const action: ActionRequest = {
      version: 2, action: "Tidy up", seconds: 0, inputs: 0, request_id: "r",
      changes: [{ id: null, object: fields }, { id: 7, object: null }],
    };
    expect(actionToSend(action).changes).toEqual([
      { id: null, object: { ...fields, mask: { box: [0, 0, 2, 2], runs: "13" } } },
      { id: 7, object: null },
    ]);
  });
});
