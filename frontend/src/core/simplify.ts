/** Fewer vertices for an outline, by Douglas and Peucker. */

import type { Ring } from "./contours";

/**
 * Leaves out vertices as long as none lies further than the tolerance from the line that remains.
 * At least three stay, so that a ring never vanishes.
 *
 * @param tolerancePx in image pixels, >= 0.
 */
export function simplified(ring: Ring, tolerancePx: number): Ring {
  const { xy } = ring;
  const count = xy.length / 2;
  if (count <= 3 || tolerancePx <= 0) return ring;
  const kept = new Uint8Array(count);
  const far = furthestFromVertex(xy, 0);
  kept[0] = kept[far] = 1;
  keepBetween(xy, 0, far, tolerancePx, kept);
  keepBetween(xy, far, count, tolerancePx, kept);
  let left = 0;
  for (const keep of kept) left += keep;
  if (left < 3) kept[furthestFromLine(xy, 0, far)] = 1;
  const points: number[] = [];
  for (let i = 0; i < count; i++) if (kept[i]) points.push(xy[2 * i], xy[2 * i + 1]);
  return { xy: Float64Array.from(points), hole: ring.hole };
}

export function vertexCount(rings: readonly Ring[]): number {
  return rings.reduce((sum, { xy }) => sum + xy.length / 2, 0);
}

/** Marks what must stay of the vertices between two; `count` stands for vertex 0 again. */
function keepBetween(
  xy: Float64Array,
  first: number,
  last: number,
  tolerancePx: number,
  kept: Uint8Array,
): void {
  const waiting: [number, number][] = [[first, last]];
  for (let span = waiting.pop(); span; span = waiting.pop()) {
    const [from, to] = span;
    let furthest = tolerancePx * tolerancePx;
    let split = -1;
    for (let i = from + 1; i < to; i++) {
      const away = squaredDistance(xy, i, from, to);
      if (away > furthest) {
        furthest = away;
        split = i;
      }
    }
    if (split < 0) continue;
    kept[split] = 1;
    waiting.push([from, split], [split, to]);
  }
}

/** Of vertex i from the segment between two others, px squared. */
function squaredDistance(xy: Float64Array, i: number, from: number, to: number): number {
  const end = 2 * to < xy.length ? 2 * to : 0;
  const ax = xy[2 * from];
  const ay = xy[2 * from + 1];
  const dx = xy[end] - ax;
  const dy = xy[end + 1] - ay;
  const px = xy[2 * i] - ax;
  const py = xy[2 * i + 1] - ay;
  const length = dx * dx + dy * dy;
  const along = length > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / length)) : 0;
  const offX = px - along * dx;
  const offY = py - along * dy;
  return offX * offX + offY * offY;
}

function furthestFromVertex(xy: Float64Array, from: number): number {
  const x = xy[2 * from];
  const y = xy[2 * from + 1];
  return furthest(xy, (i) => (xy[2 * i] - x) ** 2 + (xy[2 * i + 1] - y) ** 2);
}

function furthestFromLine(xy: Float64Array, from: number, to: number): number {
  return furthest(xy, (i) => squaredDistance(xy, i, from, to));
}

function furthest(xy: Float64Array, distance: (vertex: number) => number): number {
  let best = 0;
  for (let i = 0; i < xy.length / 2; i++) if (distance(i) > distance(best)) best = i;
  return best;
}
