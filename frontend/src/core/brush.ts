/** Round brush strokes on bitmaps. */

import { around, boxArea, cropped, intersection, wholeImage, type Bitmap } from "./bitmap";
import type { Box, Point, Size } from "./types";

/** What a stroke can touch, inside the image; of area 0 when it passes outside. */
export function strokeBox(path: readonly Point[], radiusPx: number, size: Size): Box {
  if (!path.length) return [0, 0, 0, 0];
  let [x0, y0] = path[0];
  let [x1, y1] = path[0];
  for (const [x, y] of path) {
    x0 = Math.min(x0, x);
    y0 = Math.min(y0, y);
    x1 = Math.max(x1, x);
    y1 = Math.max(y1, y);
  }
  // One pixel more, for the pixel that even the thinnest brush leaves.
  const reach = Math.max(radiusPx, 0.5);
  return intersection(
    [
      Math.floor(x0 - reach),
      Math.floor(y0 - reach),
      Math.ceil(x1 + reach) + 1,
      Math.ceil(y1 + reach) + 1,
    ],
    wholeImage(size),
  );
}

/**
 * Paints every pixel whose centre is within the radius of the path, and the pixel nearest to each
 * point of it; the bitmap's box grows as needed, inside the image.
 */
export function painted(
  bitmap: Bitmap,
  path: readonly Point[],
  radiusPx: number,
  size: Size,
): Bitmap {
  const box = strokeBox(path, radiusPx, size);
  if (!boxArea(box)) return bitmap;
  const grown = cropped(bitmap, around(bitmap.box, box));
  sweep(grown, path, radiusPx, 1);
  return grown;
}

/** Clears what `painted` would paint; the bitmap's box stays. */
export function erased(bitmap: Bitmap, path: readonly Point[], radiusPx: number): Bitmap {
  const copy = { box: bitmap.box, data: bitmap.data.slice() };
  sweep(copy, path, radiusPx, 0);
  return copy;
}

/** Writes a stroke into a bitmap in place, clipped to its box. */
export function sweep(
  bitmap: Bitmap,
  path: readonly Point[],
  radiusPx: number,
  value: 0 | 1,
): void {
  for (let i = 0; i < path.length; i++) {
    const to = path[i];
    const nearest = Math.round(to[0]);
    fillRow(bitmap, Math.round(to[1]), nearest, nearest, value);
    sweepSegment(bitmap, path[Math.max(0, i - 1)], to, radiusPx, value);
  }
}

/** Row by row: a disc drawn along a segment is convex, so each row of it is one interval. */
function sweepSegment(bitmap: Bitmap, a: Point, b: Point, radiusPx: number, value: 0 | 1): void {
  const top = Math.max(bitmap.box[1], Math.ceil(Math.min(a[1], b[1]) - radiusPx));
  const bottom = Math.min(bitmap.box[3] - 1, Math.floor(Math.max(a[1], b[1]) + radiusPx));
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const length = Math.hypot(dx, dy);
  for (let y = top; y <= bottom; y++) {
    let left = Infinity;
    let right = -Infinity;
    for (const [cx, cy] of [a, b]) {
      const half = Math.sqrt(radiusPx * radiusPx - (y - cy) * (y - cy));
      // NaN where the row misses the disc: no comparison with it holds.
      if (cx - half < left) left = cx - half;
      if (cx + half > right) right = cx + half;
    }
    if (length > 0) {
      // Between the discs: along the segment 0..length, across it -radius..radius.
      const across = interval(dy / length, ((y - a[1]) * dx) / length, -radiusPx, radiusPx, a[0]);
      const along = interval(-dx / length, ((y - a[1]) * dy) / length, 0, length, a[0]);
      const from = Math.max(across[0], along[0]);
      const to = Math.min(across[1], along[1]);
      if (from <= to) {
        left = Math.min(left, from);
        right = Math.max(right, to);
      }
    }
    if (left <= right) fillRow(bitmap, y, Math.ceil(left), Math.floor(right), value);
  }
}

/** The x for which low <= offset - slope * (x - origin) <= high. */
function interval(
  slope: number,
  offset: number,
  low: number,
  high: number,
  origin: number,
): readonly [number, number] {
  if (slope === 0) {
    return low <= offset && offset <= high ? [-Infinity, Infinity] : [Infinity, -Infinity];
  }
  const one = origin + (offset - low) / slope;
  const other = origin + (offset - high) / slope;
  return one < other ? [one, other] : [other, one];
}

/** Pixels from..to of a row, both included, clipped to the box. */
function fillRow(bitmap: Bitmap, y: number, from: number, to: number, value: 0 | 1): void {
  const [x0, y0, x1, y1] = bitmap.box;
  if (y < y0 || y >= y1) return;
  const row = (y - y0) * (x1 - x0) - x0;
  const left = Math.max(from, x0);
  const right = Math.min(to, x1 - 1);
  if (left <= right) bitmap.data.fill(value, row + left, row + right + 1);
}
