/** A mask's pixels inside a box; everything outside the box is zero. */

import type { Box, Size } from "./types";

export interface Bitmap {
  readonly box: Box;
  /** 0 or 1, row by row, (x1 - x0) * (y1 - y0) long. Not changed once handed out. */
  readonly data: Uint8Array;
}

export const EMPTY_BITMAP: Bitmap = { box: [0, 0, 0, 0], data: new Uint8Array(0) };

export function boxArea(box: Box): number {
  return Math.max(0, box[2] - box[0]) * Math.max(0, box[3] - box[1]);
}

/** The part that both have; of area 0 where they do not meet. */
export function intersection(a: Box, b: Box): Box {
  const x0 = Math.max(a[0], b[0]);
  const y0 = Math.max(a[1], b[1]);
  return [x0, y0, Math.max(x0, Math.min(a[2], b[2])), Math.max(y0, Math.min(a[3], b[3]))];
}

/** The smallest box around both; a box of area 0 counts for nothing. */
export function around(a: Box, b: Box): Box {
  if (!boxArea(a)) return b;
  if (!boxArea(b)) return a;
  return [
    Math.min(a[0], b[0]),
    Math.min(a[1], b[1]),
    Math.max(a[2], b[2]),
    Math.max(a[3], b[3]),
  ];
}

export function wholeImage(size: Size): Box {
  return [0, 0, size.width, size.height];
}

export function filledBox(box: Box): Bitmap {
  return { box, data: new Uint8Array(boxArea(box)).fill(1) };
}

/** 0 or 1 at a whole pixel of the image. */
export function pixelAt(bitmap: Bitmap, x: number, y: number): number {
  const [x0, y0, x1, y1] = bitmap.box;
  if (x < x0 || y < y0 || x >= x1 || y >= y1) return 0;
  return bitmap.data[(y - y0) * (x1 - x0) + x - x0];
}

/** In pixels. */
export function areaOf(bitmap: Bitmap): number {
  let area = 0;
  for (const value of bitmap.data) area += value;
  return area;
}

/** A copy with another box: cut where it is smaller, zeros where it is larger. */
export function cropped(bitmap: Bitmap, box: Box): Bitmap {
  const data = new Uint8Array(boxArea(box));
  const [x0, y0, x1, y1] = intersection(bitmap.box, box);
  const fromWidth = bitmap.box[2] - bitmap.box[0];
  const toWidth = box[2] - box[0];
  for (let y = y0; y < y1 && x0 < x1; y++) {
    const from = (y - bitmap.box[1]) * fromWidth - bitmap.box[0];
    data.set(bitmap.data.subarray(from + x0, from + x1), (y - box[1]) * toWidth + x0 - box[0]);
  }
  return { box, data };
}

/** The smallest box that holds every one, as MaskRuns want it; EMPTY_BITMAP when there is none. */
export function tight(bitmap: Bitmap): Bitmap {
  const { box, data } = bitmap;
  const width = box[2] - box[0];
  const first = data.indexOf(1);
  if (first < 0) return EMPTY_BITMAP;
  const top = Math.floor(first / width);
  const bottom = Math.floor(data.lastIndexOf(1) / width) + 1;
  let left = width;
  let right = 0;
  for (let y = top; y < bottom; y++) {
    const row = y * width;
    for (let x = 0; x < left; x++) if (data[row + x]) left = x;
    for (let x = width - 1; x >= right; x--) if (data[row + x]) right = x + 1;
  }
  if (left === 0 && top === 0 && right === width && bottom === box[3] - box[1]) return bitmap;
  return cropped(bitmap, [box[0] + left, box[1] + top, box[0] + right, box[1] + bottom]);
}

/** What is in any of them. */
export function union(...bitmaps: readonly Bitmap[]): Bitmap {
  const box = bitmaps.reduce<Box>((all, { box }) => around(all, box), EMPTY_BITMAP.box);
  const joined = new Uint8Array(boxArea(box));
  const width = box[2] - box[0];
  for (const bitmap of bitmaps) {
    const [x0, y0, x1, y1] = bitmap.box;
    let from = 0;
    for (let y = y0; y < y1; y++) {
      let to = (y - box[1]) * width + x0 - box[0];
      for (let x = x0; x < x1; x++) joined[to++] |= bitmap.data[from++];
    }
  }
  return { box, data: joined };
}

/** What is in the first and not in the second, in the first's box. */
export function subtract(from: Bitmap, what: Bitmap): Bitmap {
  const data = from.data.slice();
  const [x0, y0, x1, y1] = intersection(from.box, what.box);
  const toWidth = from.box[2] - from.box[0];
  const whatWidth = what.box[2] - what.box[0];
  for (let y = y0; y < y1; y++) {
    const to = (y - from.box[1]) * toWidth - from.box[0];
    const taken = (y - what.box[1]) * whatWidth - what.box[0];
    for (let x = x0; x < x1; x++) if (what.data[taken + x]) data[to + x] = 0;
  }
  return { box: from.box, data };
}
