/** Growing and shrinking by one pixel. */

import { boxArea, cropped, intersection, wholeImage, type Bitmap } from "./bitmap";
import { eachRowRun } from "./row-runs";
import type { Size } from "./types";

/** Adds the pixels that touch the mask by an edge, inside the image. */
export function grown(bitmap: Bitmap, size: Size): Bitmap {
  const [x0, y0, x1, y1] = bitmap.box;
  if (!boxArea(bitmap.box)) return bitmap;
  const box = intersection([x0 - 1, y0 - 1, x1 + 1, y1 + 1], wholeImage(size));
  return spread(cropped(bitmap, box), 1);
}

/**
 * Takes away the pixels that touch the outside by an edge. The image's frame is no edge of an
 * object that it cuts.
 */
export function shrunk(bitmap: Bitmap, size: Size): Bitmap {
  const [x0, y0, x1, y1] = bitmap.box;
  if (!boxArea(bitmap.box)) return bitmap;
  const box = intersection([x0 - 1, y0 - 1, x1 + 1, y1 + 1], wholeImage(size));
  return spread(cropped(bitmap, box), 0);
}

/** A copy in which every pixel with an edge neighbour of the value has the value too. */
function spread(bitmap: Bitmap, value: 0 | 1): Bitmap {
  const { box } = bitmap;
  const width = box[2] - box[0];
  const height = box[3] - box[1];
  const data = bitmap.data.slice();
  eachRowRun(bitmap, value, (row, start, end) => {
    const at = row * width;
    data.fill(value, at + Math.max(0, start - 1), at + Math.min(width, end + 1));
    if (row > 0) data.fill(value, at - width + start, at - width + end);
    if (row < height - 1) data.fill(value, at + width + start, at + width + end);
  });
  return { box, data };
}
