/** Growing and shrinking by one pixel. */

import { boxArea, cropped, intersection, wholeImage, type Bitmap } from "./bitmap";
import type { Box, Size } from "./types";

/** Adds the pixels that touch the mask by an edge, inside the image. */
export function grown(bitmap: Bitmap, size: Size): Bitmap {
  const [x0, y0, x1, y1] = bitmap.box;
  if (!boxArea(bitmap.box)) return bitmap;
  const box = intersection([x0 - 1, y0 - 1, x1 + 1, y1 + 1], wholeImage(size));
  const from = cropped(bitmap, box).data;
  return { box, data: spread(from, box, 1) };
}

/**
 * Takes away the pixels that touch the outside by an edge. The image's frame is no edge of an
 * object that it cuts.
 */
export function shrunk(bitmap: Bitmap, size: Size): Bitmap {
  const [x0, y0, x1, y1] = bitmap.box;
  if (!boxArea(bitmap.box)) return bitmap;
  const box = intersection([x0 - 1, y0 - 1, x1 + 1, y1 + 1], wholeImage(size));
  const from = cropped(bitmap, box).data;
  return { box, data: spread(from, box, 0) };
}

/** A copy in which every pixel with an edge neighbour of the value has the value too. */
function spread(from: Uint8Array, box: Box, value: 0 | 1): Uint8Array {
  const width = box[2] - box[0];
  const height = box[3] - box[1];
  const to = from.slice();
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      const i = row + x;
      if (from[i] !== value) continue;
      if (x > 0) to[i - 1] = value;
      if (x < width - 1) to[i + 1] = value;
      if (y > 0) to[i - width] = value;
      if (y < height - 1) to[i + width] = value;
    }
  }
  return to;
}
