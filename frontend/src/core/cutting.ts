/** What a line cuts off the connected parts of a mask or of its background. */

import type { Bitmap } from "./bitmap";
import { labelledRuns, type LabelledRuns } from "./parts";

/** Left, top, right, bottom: whether the image goes on beyond that side of a bitmap. */
export type Sides = readonly [boolean, boolean, boolean, boolean];

/**
 * All pieces but the largest of each part that was cut; pieces that reach an open side stay too.
 *
 * @param whole before the cut.
 * @param cut the same with the line set to the other value; in the same box.
 * @param value of the parts: 1 of a mask, 0 of its background.
 * @returns the pieces cut off, as ones.
 */
export function cutOff(whole: Bitmap, cut: Bitmap, value: 0 | 1, open: Sides): Bitmap {
  const pieces = labelledRuns(cut, value);
  const parts = partsOfPieces(pieces, labelledRuns(whole, value));
  const areas = areasOf(pieces, cut, open);
  const largest = new Map<number, number>();
  for (let piece = 0; piece < pieces.count; piece++) {
    const best = largest.get(parts[piece]);
    if (best === undefined || areas[piece] > areas[best]) largest.set(parts[piece], piece);
  }
  const width = cut.box[2] - cut.box[0];
  const data = new Uint8Array(cut.data.length);
  for (let run = 0; run < pieces.labels.length; run++) {
    const piece = pieces.labels[run];
    if (areas[piece] === Infinity || largest.get(parts[piece]) === piece) continue;
    const row = pieces.rows[run] * width;
    data.fill(1, row + pieces.starts[run], row + pieces.ends[run]);
  }
  return { box: cut.box, data };
}

/** Of each piece, the part that it comes from: its runs lie in runs of that. */
function partsOfPieces(pieces: LabelledRuns, whole: LabelledRuns): Int32Array {
  const parts = new Int32Array(pieces.count);
  let at = 0;
  for (let run = 0; run < pieces.labels.length; run++) {
    const [row, start] = [pieces.rows[run], pieces.starts[run]];
    while (whole.rows[at] < row || (whole.rows[at] === row && whole.ends[at] <= start)) at++;
    parts[pieces.labels[run]] = whole.labels[at];
  }
  return parts;
}

/** In pixels; without end where a piece goes on beyond an open side. */
function areasOf(pieces: LabelledRuns, { box }: Bitmap, open: Sides): Float64Array {
  const [width, height] = [box[2] - box[0], box[3] - box[1]];
  const [left, top, right, bottom] = open;
  const areas = new Float64Array(pieces.count);
  for (let run = 0; run < pieces.labels.length; run++) {
    const [row, start, end] = [pieces.rows[run], pieces.starts[run], pieces.ends[run]];
    const goesOn =
      (left && start === 0) ||
      (right && end === width) ||
      (top && row === 0) ||
      (bottom && row === height - 1);
    areas[pieces.labels[run]] += goesOn ? Infinity : end - start;
  }
  return areas;
}
