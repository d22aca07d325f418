/** A "model" whose mask is known beforehand. */

import { EMPTY_MASK, type Point, type Segmentation, type Size } from "../types";

/** The points' bounding box, inside the image. */
export function boxMask(points: readonly Point[], { width, height }: Size): Segmentation {
  const xs = points.map(([x]) => Math.min(width, Math.max(0, Math.round(x))));
  const ys = points.map(([, y]) => Math.min(height, Math.max(0, Math.round(y))));
  const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] as const;
  const area = (box[2] - box[0]) * (box[3] - box[1]);
  const mask = area ? { box, runs: [0, area] } : EMPTY_MASK;
  return { mask, box: mask.box, confidence: 0.9, notes: [], milliseconds: 1 };
}
