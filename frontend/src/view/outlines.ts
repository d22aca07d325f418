/**
 * A mask's outlines at the detail that the screen can show.
 *
 * They are read from the runs themselves: the work grows with the length of the outline, not with
 * the area, so that an object of ten megapixels is outlined within a frame.
 */

import { simplified } from "../core/simplify";
import type { MaskRuns } from "../core/types";

/** Lines are drawn from cells of `step` pixels, their corners cut by `tolerance` cells. */
export interface LineDetail {
  readonly step: number;
  readonly tolerance: number;
}

/** The side of a cell in image pixels: a power of two, at most one pixel of the device. */
export function stepFor(deviceScale: number): number {
  return 2 ** Math.max(0, Math.floor(Math.log2(1 / deviceScale)));
}

/** Where pixels are large enough to be seen, lines follow their edges exactly. */
export function lineDetail(deviceScale: number): LineDetail {
  return { step: stepFor(deviceScale), tolerance: deviceScale <= 1.25 ? 0.75 : 0 };
}

/** Closed lines x, y, x, y ... in image edge coordinates (pixel + 0.5). */
export function outlinesAt(mask: MaskRuns, { step, tolerance }: LineDetail): Float64Array[] {
  const [x0, y0] = mask.box;
  return linesAround(cellRows(mask, step)).map((line) => {
    const ring = { xy: Float64Array.from(line), hole: false };
    const { xy } = simplified(ring, tolerance);
    for (let i = 0; i < xy.length; i += 2) {
      xy[i] = x0 + xy[i]! * step;
      xy[i + 1] = y0 + xy[i + 1]! * step;
    }
    return xy;
  });
}

/**
 * Of each row of cells the stretches inside: start, end, start, end ... growing, none touching.
 *
 * A cell counts as its middle pixel; exact with step 1. A mask that no sample meets becomes its
 * whole box, so that no object is ever invisible.
 */
export function cellRows(mask: MaskRuns, step: number): number[][] {
  const [x0, y0, x1, y1] = mask.box;
  const width = x1 - x0;
  const columns = Math.ceil(width / step);
  const middle = step >> 1;
  const firstSample = (x: number) => Math.max(Math.ceil((x - middle) / step), 0);
  const rows: number[][] = Array.from({ length: Math.ceil((y1 - y0) / step) }, () => []);
  let some = false;
  let start = 0;
  for (let index = 0; index < mask.runs.length; index++) {
    const end = start + mask.runs[index]!;
    if (index % 2 === 1) {
      // A run may go on over several rows of the box.
      for (let y = Math.floor(start / width); y * width < end; y++) {
        const place = y % step;
        if (place !== middle && !(y === y1 - y0 - 1 && place < middle)) continue;
        const from = firstSample(Math.max(start - y * width, 0));
        // The last cell may be too narrow to reach its middle: its last pixel speaks for it.
        const until = Math.min(end - y * width, width);
        const to = until === width ? columns : Math.min(firstSample(until), columns);
        if (to > from) {
          addStretch(rows[Math.floor(y / step)]!, from, to);
          some = true;
        }
      }
    }
    start = end;
  }
  if (!some) for (const row of rows) row.push(0, columns);
  return rows;
}

function addStretch(row: number[], from: number, to: number): void {
  if (row.length > 0 && row[row.length - 1]! >= from) row[row.length - 1] = to;
  else row.push(from, to);
}

/**
 * Closed lines with the inside on the right hand, holes the other way round. Cells that touch
 * only at a corner stay apart.
 *
 * Every end of a stretch is an upright edge: starts are walked upwards, ends downwards. On the
 * line between two rows an edge goes straight on, or turns to the next edge beside it.
 */
export function linesAround(rows: readonly (readonly number[])[]): number[][] {
  const first: number[] = [0];
  for (const row of rows) first.push(first[first.length - 1]! + row.length);
  const count = first[rows.length]!;
  const x = new Int32Array(count);
  const rowOf = new Int32Array(count);
  rows.forEach((row, r) => row.forEach((value, k) => {
    x[first[r]! + k] = value;
    rowOf[first[r]! + k] = r;
  }));
  const above = new Int32Array(count);
  const below = new Int32Array(count);
  for (let line = 0; line <= rows.length; line++) {
    joinAlong(line, rows, first, x, above, below);
  }
  const walked = new Uint8Array(count);
  const lines: number[][] = [];
  for (let start = 0; start < count; start++) {
    if (walked[start] === 1) continue;
    const points: number[] = [];
    let edge = start;
    do {
      walked[edge] = 1;
      const upwards = (edge - first[rowOf[edge]!]!) % 2 === 0;
      const next = upwards ? above[edge]! : below[edge]!;
      const y = rowOf[edge]! + (upwards ? 0 : 1);
      if (x[next] !== x[edge]) points.push(x[edge]!, y, x[next]!, y);
      edge = next;
    } while (edge !== start);
    lines.push(points);
  }
  return lines;
}

/** Joins the edges that end on the line over row `line` with those that begin there. */
function joinAlong(
  line: number,
  rows: readonly (readonly number[])[],
  first: readonly number[],
  x: Int32Array,
  above: Int32Array,
  below: Int32Array,
): void {
  const upper = line > 0 ? rows[line - 1]!.length : 0;
  const lower = line < rows.length ? rows[line]!.length : 0;
  const upperAt = line > 0 ? first[line - 1]! : 0;
  const lowerAt = line < rows.length ? first[line]! : 0;
  let waiting = -1;
  const meet = (edge: number) => {
    if (waiting < 0) {
      waiting = edge;
      return;
    }
    for (const [a, b] of [[waiting, edge], [edge, waiting]] as const) {
      if (a >= lowerAt && lower > 0) above[a] = b;
      else below[a] = b;
    }
    waiting = -1;
  };
  let i = 0;
  let j = 0;
  while (i < upper || j < lower) {
    const a = i < upper ? x[upperAt + i]! : Infinity;
    const b = j < lower ? x[lowerAt + j]! : Infinity;
    if (a === b && i % 2 === j % 2) {
      above[lowerAt + j] = upperAt + i;
      below[upperAt + i] = lowerAt + j;
      i++;
      j++;
    } else if (a < b || (a === b && i % 2 === 1)) {
      meet(upperAt + i++);
    } else {
      meet(lowerAt + j++);
    }
  }
}
