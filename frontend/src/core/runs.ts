/** Between run lengths, as masks are kept and sent, and bitmaps, as they are worked on. */

import { EMPTY_BITMAP, boxArea, tight, type Bitmap } from "./bitmap";
import { EMPTY_MASK, type MaskRuns } from "./types";

export class MaskRunsError extends Error {
  override readonly name = "MaskRunsError";
}

/** @throws MaskRunsError when the lengths are negative or do not fill the box. */
export function bitmapOf(mask: MaskRuns): Bitmap {
  if (!mask.runs.length) return EMPTY_BITMAP;
  const area = boxArea(mask.box);
  const data = new Uint8Array(area);
  let position = 0;
  let value = 0;
  for (const length of mask.runs) {
    if (!(length >= 0)) throw new MaskRunsError(`a run's length must be >= 0; got ${length}`);
    if (value) data.fill(1, position, position + length);
    position += length;
    value = 1 - value;
  }
  if (position !== area) {
    throw new MaskRunsError(`runs must add up to the box's ${area} pixels; got ${position}`);
  }
  return { box: mask.box, data };
}

/** With a tight box, whatever the bitmap's was. */
export function runsOf(bitmap: Bitmap): MaskRuns {
  const { box, data } = tight(bitmap);
  if (!data.length) return EMPTY_MASK;
  const runs: number[] = [];
  let value = 0;
  for (let start = 0; start < data.length; value = 1 - value) {
    const next = data.indexOf(1 - value, start);
    const end = next < 0 ? data.length : next;
    runs.push(end - start);
    start = end;
  }
  return { box, runs };
}

/** In pixels. */
export function areaOfRuns(mask: MaskRuns): number {
  let area = 0;
  for (let i = 1; i < mask.runs.length; i += 2) area += mask.runs[i];
  return area;
}

/** Whether a whole pixel of the image is in the mask, without decoding it. */
export function holdsPixel(mask: MaskRuns, x: number, y: number): boolean {
  const [x0, y0, x1, y1] = mask.box;
  if (x < x0 || y < y0 || x >= x1 || y >= y1) return false;
  let left = (y - y0) * (x1 - x0) + x - x0;
  for (let i = 0; i < mask.runs.length; i++) {
    left -= mask.runs[i];
    if (left < 0) return i % 2 === 1;
  }
  return false;
}

export function sameMask(a: MaskRuns, b: MaskRuns): boolean {
  return (
    a === b ||
    (a.runs.length === b.runs.length &&
      a.box.every((value, i) => value === b.box[i]) &&
      a.runs.every((value, i) => value === b.runs[i]))
  );
}
