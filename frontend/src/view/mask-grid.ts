/** A mask as cells at the detail that the screen can show. */

import type { MaskRuns } from "../core/types";

export interface MaskGrid {
  /** Edge coordinates of the first cell's corner, in image pixels. */
  readonly x0: number;
  readonly y0: number;
  /** Side of a cell in image pixels. */
  readonly step: number;
  readonly columns: number;
  readonly rows: number;
  /** 1 inside; row by row. */
  readonly cells: Uint8Array;
}

/**
 * Samples a mask every `step` pixels; exact with step 1. A mask too thin to be met by a sample
 * becomes its whole box, so that no object is ever invisible.
 */
export function maskGrid(mask: MaskRuns, step: number): MaskGrid {
  const [x0, y0, x1, y1] = mask.box;
  const width = x1 - x0;
  const columns = Math.ceil(width / step);
  const rows = Math.ceil((y1 - y0) / step);
  const cells = new Uint8Array(columns * rows);
  const middle = step >> 1;
  const lastRow = y1 - y0 - 1;
  let start = 0;
  let some = false;
  for (let index = 0; index < mask.runs.length; index++) {
    const end = start + mask.runs[index]!;
    if (index % 2 === 1) {
      // A run may go on over several rows of the box.
      let y = Math.floor(start / width);
      for (let from = start; from < end; y++) {
        const rowEnd = Math.min(end, (y + 1) * width);
        if (isSampled(y, step, middle, lastRow)) {
          const a = firstSample(from - y * width, step, middle);
          const to = rowEnd - y * width;
          // The last cell may be too narrow to reach its middle: its last pixel speaks for it.
          const b = to === width ? columns : Math.min(firstSample(to, step, middle), columns);
          if (b > a) {
            const at = Math.floor(y / step) * columns;
            cells.fill(1, at + a, at + b);
            some = true;
          }
        }
        from = rowEnd;
      }
    }
    start = end;
  }
  if (!some && columns * rows > 0) cells.fill(1);
  return { x0, y0, step, columns, rows, cells };
}

function isSampled(y: number, step: number, middle: number, lastRow: number): boolean {
  const place = y % step;
  return place === middle || (y === lastRow && place < middle);
}

/** The first cell whose sample lies at or after x. */
function firstSample(x: number, step: number, middle: number): number {
  return Math.max(Math.ceil((x - middle) / step), 0);
}

/** Whether the mask holds a pixel (whole coordinates). */
export function holdsPixel(mask: MaskRuns, x: number, y: number): boolean {
  const [x0, y0, x1, y1] = mask.box;
  if (x < x0 || x >= x1 || y < y0 || y >= y1) return false;
  const wanted = (y - y0) * (x1 - x0) + (x - x0);
  let start = 0;
  for (let index = 0; index < mask.runs.length; index++) {
    start += mask.runs[index]!;
    if (wanted < start) return index % 2 === 1;
  }
  return false;
}
