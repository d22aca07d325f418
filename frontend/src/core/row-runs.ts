/** The runs of equal pixels in each row of a bitmap. */

import type { Bitmap } from "./bitmap";

/**
 * Visits the runs of one value, row after row, each from its first column up to but without its
 * end, counted in the box. Large empty or full areas cost almost nothing: the search in them is
 * the browser's own.
 */
export function eachRowRun(
  { box, data }: Bitmap,
  value: 0 | 1,
  visit: (row: number, start: number, end: number) => void,
): void {
  const width = box[2] - box[0];
  const other = 1 - value;
  let start = data.indexOf(value);
  while (start >= 0) {
    let end = data.indexOf(other, start);
    if (end < 0) end = data.length;
    // What goes on over the ends of rows is a run of each of them.
    for (let row = Math.floor(start / width); start < end; row++) {
      const rowStart = row * width;
      const rowEnd = Math.min(end, rowStart + width);
      visit(row, start - rowStart, rowEnd - rowStart);
      start = rowEnd;
    }
    start = data.indexOf(value, end);
  }
}
