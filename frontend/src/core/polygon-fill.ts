/** From closed lines back to pixels. */

import { boxArea, intersection, wholeImage, type Bitmap } from "./bitmap";
import type { Ring } from "./contours";
import type { Box, Size } from "./types";

/** A box around the pixels that rings can hold, inside the image. */
export function ringsBox(rings: readonly Ring[], size: Size): Box {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { xy } of rings) {
    for (let i = 0; i < xy.length; i += 2) {
      x0 = Math.min(x0, xy[i]);
      x1 = Math.max(x1, xy[i]);
      y0 = Math.min(y0, xy[i + 1]);
      y1 = Math.max(y1, xy[i + 1]);
    }
  }
  if (x0 > x1) return [0, 0, 0, 0];
  return intersection(
    [Math.ceil(x0), Math.ceil(y0), Math.floor(x1) + 1, Math.floor(y1) + 1],
    wholeImage(size),
  );
}

/**
 * Pixels whose centres lie inside an odd number of the rings; holes need no mark of their own.
 *
 * @param box what of the image to fill.
 */
export function filled(rings: readonly Ring[], box: Box): Bitmap {
  const [x0, y0, x1, y1] = box;
  const data = new Uint8Array(boxArea(box));
  const width = x1 - x0;
  const { firsts, xs } = crossings(rings, y0, y1);
  for (let y = y0; y < y1; y++) {
    const row = xs.subarray(firsts[y - y0], firsts[y - y0 + 1]).sort();
    for (let i = 0; i + 1 < row.length; i += 2) {
      const from = Math.max(0, Math.ceil(row[i]) - x0);
      const to = Math.min(width, Math.ceil(row[i + 1]) - x0);
      if (from < to) data.fill(1, (y - y0) * width + from, (y - y0) * width + to);
    }
  }
  return { box, data };
}

/** Where the rings cross the rows of pixel centres y0..y1 - 1: those of row r from firsts[r]. */
function crossings(
  rings: readonly Ring[],
  y0: number,
  y1: number,
): { firsts: Int32Array; xs: Float64Array } {
  const firsts = new Int32Array(Math.max(0, y1 - y0) + 1);
  eachCrossing(rings, y0, y1, (row) => firsts[row + 1]++);
  for (let row = 0; row + 1 < firsts.length; row++) firsts[row + 1] += firsts[row];
  const xs = new Float64Array(firsts[firsts.length - 1]);
  const next = firsts.slice();
  eachCrossing(rings, y0, y1, (row, x) => {
    xs[next[row]++] = x;
  });
  return { firsts, xs };
}

/** An edge meets the rows from its upper end, included, to its lower, not included. */
function eachCrossing(
  rings: readonly Ring[],
  y0: number,
  y1: number,
  met: (row: number, x: number) => void,
): void {
  for (const { xy } of rings) {
    for (let i = 0; i < xy.length; i += 2) {
      const j = i + 2 < xy.length ? i + 2 : 0;
      const [upper, lower] = xy[i + 1] <= xy[j + 1] ? [i, j] : [j, i];
      const top = xy[upper + 1];
      const slope = (xy[lower] - xy[upper]) / (xy[lower + 1] - top);
      const end = Math.min(y1, Math.ceil(xy[lower + 1]));
      for (let y = Math.max(y0, Math.ceil(top)); y < end; y++) {
        met(y - y0, xy[upper] + (y - top) * slope);
      }
    }
  }
}
