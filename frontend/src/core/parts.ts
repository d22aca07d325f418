/** Connected parts and holes, found on rows of runs rather than on single pixels. */

import { boxArea, cropped, tight, type Bitmap } from "./bitmap";
import { eachRowRun } from "./row-runs";
import type { Box } from "./types";

/** The runs of one value, row after row, each with the number of the part that it belongs to. */
export interface LabelledRuns {
  /** Of each run: its row and half-open columns in the box. */
  readonly rows: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** 0 to count - 1. */
  readonly labels: Int32Array;
  readonly count: number;
}

/** Parts whose pixels touch by an edge, the largest first; none of an empty bitmap. */
export function partsOf(bitmap: Bitmap): readonly Bitmap[] {
  const labelled = labelledRuns(bitmap, 1);
  const boxes: [number, number, number, number][] = [];
  const areas = new Float64Array(labelled.count);
  for (let i = 0; i < labelled.labels.length; i++) {
    const label = labelled.labels[i];
    const [start, end, row] = [labelled.starts[i], labelled.ends[i], labelled.rows[i]];
    areas[label] += end - start;
    const box = (boxes[label] ??= [start, row, end, row + 1]);
    box[0] = Math.min(box[0], start);
    box[2] = Math.max(box[2], end);
    box[3] = row + 1;
  }
  const [left, top] = bitmap.box;
  const parts = boxes.map(([x0, y0, x1, y1]): Bitmap => {
    const box: Box = [left + x0, top + y0, left + x1, top + y1];
    return { box, data: new Uint8Array(boxArea(box)) };
  });
  for (let i = 0; i < labelled.labels.length; i++) {
    const { box, data } = parts[labelled.labels[i]];
    const row = (top + labelled.rows[i] - box[1]) * (box[2] - box[0]) + left - box[0];
    data.fill(1, row + labelled.starts[i], row + labelled.ends[i]);
  }
  return parts
    .map((part, label) => ({ part, area: areas[label] }))
    .sort((a, b) => b.area - a.area)
    .map(({ part }) => part);
}

/** The same bitmap when there is one part or none. */
export function largestPart(bitmap: Bitmap): Bitmap {
  const parts = partsOf(bitmap);
  return parts.length > 1 ? parts[0] : bitmap;
}

/**
 * Background that cannot be left without crossing the object becomes object. The background goes
 * on over corners, the object does not, so a hole is what `outlinesOf` gives a ring of its own.
 */
export function filledHoles(bitmap: Bitmap): Bitmap {
  const held = tight(bitmap);
  const width = held.box[2] - held.box[0];
  const height = held.box[3] - held.box[1];
  const background = labelledRuns(held, 0);
  const open = new Uint8Array(background.count);
  for (let i = 0; i < background.labels.length; i++) {
    const row = background.rows[i];
    const atEdge =
      row === 0 || row === height - 1 || background.starts[i] === 0 || background.ends[i] === width;
    if (atEdge) open[background.labels[i]] = 1;
  }
  if (!open.includes(0)) return bitmap;
  const filled = cropped(held, held.box);
  for (let i = 0; i < background.labels.length; i++) {
    if (open[background.labels[i]]) continue;
    const row = background.rows[i] * width;
    filled.data.fill(1, row + background.starts[i], row + background.ends[i]);
  }
  return filled;
}

/** Ones join by edges (4 neighbours), zeros also by corners (8). */
export function labelledRuns(bitmap: Bitmap, value: 0 | 1): LabelledRuns {
  const corner = value === 0 ? 1 : 0;
  const rows: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const parents: number[] = [];
  const root = (run: number): number => {
    while (parents[run] !== run) run = parents[run] = parents[parents[run]];
    return run;
  };
  // The runs of the row above, and of the row that is being read.
  let above = 0;
  let first = 0;
  eachRowRun(bitmap, value, (row, start, end) => {
    const run = rows.length;
    if (run && rows[run - 1] !== row) {
      above = rows[run - 1] === row - 1 ? first : run;
      first = run;
    }
    rows.push(row);
    starts.push(start);
    ends.push(end);
    parents.push(run);
    while (above < first && ends[above] + corner <= start) above++;
    for (let other = above; other < first && starts[other] < end + corner; other++) {
      // The earlier root stays, so that parts are numbered from the top.
      const [a, b] = [root(other), root(run)];
      parents[Math.max(a, b)] = Math.min(a, b);
    }
  });
  return {
    ...numbered(parents, root),
    rows: Int32Array.from(rows),
    starts: Int32Array.from(starts),
    ends: Int32Array.from(ends),
  };
}

function numbered(
  parents: readonly number[],
  root: (run: number) => number,
): { labels: Int32Array; count: number } {
  const labels = new Int32Array(parents.length);
  let count = 0;
  for (let run = 0; run < parents.length; run++) {
    const from = root(run);
    labels[run] = from === run ? count++ : labels[from];
  }
  return { labels, count };
}
