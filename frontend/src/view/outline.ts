/** The closed lines between a grid's cells that are inside and those that are not. */

import type { MaskGrid } from "./mask-grid";

/** x, y, x, y ... in image edge coordinates, without the closing vertex. */
export type Ring = readonly number[];

const DX = [1, 0, -1, 0] as const;
const DY = [0, 1, 0, -1] as const;

/**
 * Follows every border with the inside on the right hand. Cells that touch only at a corner stay
 * apart. Vertices stand only where the line turns.
 */
export function outlineOf(grid: MaskGrid): Ring[] {
  const { columns, rows, cells, step, x0, y0 } = grid;
  const inside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < columns && y < rows && cells[y * columns + x] === 1;
  // Every border has a stretch that runs to the right over the top of some cell: start there.
  const walked = new Uint8Array(columns * rows);
  const rings: number[][] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const cell = row * columns + column;
      if (cells[cell] !== 1 || walked[cell] === 1 || inside(column, row - 1)) continue;
      const ring: number[] = [];
      let x = column;
      let y = row;
      let heading = 0;
      do {
        if (heading === 0) walked[y * columns + x] = 1;
        x += DX[heading]!;
        y += DY[heading]!;
        // The two cells ahead: on the left hand and on the right hand of the line.
        const left = inside(
          x + (heading === 1 || heading === 0 ? 0 : -1), y + (heading === 0 || heading === 3 ? -1 : 0));
        const right = inside(
          x + (heading === 0 || heading === 3 ? 0 : -1), y + (heading === 2 || heading === 3 ? -1 : 0));
        const next = !right ? (heading + 1) % 4 : left ? (heading + 3) % 4 : heading;
        if (next !== heading) ring.push(x0 + x * step, y0 + y * step);
        heading = next;
      } while (x !== column || y !== row || heading !== 0);
      rings.push(ring);
    }
  }
  return rings;
}

/**
 * Fewer vertices for a line that is drawn small: steps of the staircase are cut at half their
 * height, which no eye sees at less than a pixel.
 */
export function smoothed(ring: Ring): Ring {
  if (ring.length < 12) return ring;
  const kept: number[] = [];
  for (let i = 0; i < ring.length; i += 2) {
    const j = (i + 2) % ring.length;
    kept.push((ring[i]! + ring[j]!) / 2, (ring[i + 1]! + ring[j + 1]!) / 2);
  }
  return withoutStraight(kept);
}

function withoutStraight(ring: readonly number[]): number[] {
  const count = ring.length / 2;
  const kept: number[] = [];
  for (let i = 0; i < count; i++) {
    const a = (i + count - 1) % count;
    const b = (i + 1) % count;
    const cross =
      (ring[2 * i]! - ring[2 * a]!) * (ring[2 * b + 1]! - ring[2 * i + 1]!) -
      (ring[2 * i + 1]! - ring[2 * a + 1]!) * (ring[2 * b]! - ring[2 * i]!);
    if (cross !== 0) kept.push(ring[2 * i]!, ring[2 * i + 1]!);
  }
  return kept;
}
