/** Small masks written as text, and random ones, for the tests. */

import fc from "fast-check";

import { pixelAt, type Bitmap } from "../bitmap";
import type { Size } from "../types";

/** "#" is object; rows from the top. */
export function drawn(rows: readonly string[], x0 = 0, y0 = 0): Bitmap {
  const width = rows[0]?.length ?? 0;
  const data = Uint8Array.from(rows.join(""), (pixel) => (pixel === "#" ? 1 : 0));
  return { box: [x0, y0, x0 + width, y0 + rows.length], data };
}

/** The image around a bitmap as text. */
export function shown(bitmap: Bitmap, size: Size): string[] {
  return pictured(size, (x, y) => pixelAt(bitmap, x, y));
}

/** What `shown` would give of a mask that is told pixel by pixel; compared at once, it is quick. */
export function pictured(size: Size, pixel: (x: number, y: number) => number): string[] {
  return Array.from({ length: size.height }, (_, y) =>
    Array.from({ length: size.width }, (_, x) => (pixel(x, y) ? "#" : ".")).join(""),
  );
}

/** Up to 12 x 12 pixels inside an image of 20 x 20, from empty to full. */
export const anyBitmap: fc.Arbitrary<Bitmap> = fc
  .record({
    x0: fc.nat(8),
    y0: fc.nat(8),
    width: fc.integer({ min: 1, max: 12 }),
    height: fc.integer({ min: 1, max: 12 }),
    density: fc.constantFrom(0, 0.2, 0.5, 0.8, 1),
    seed: fc.nat(),
  })
  .map(({ x0, y0, width, height, density, seed }) => {
    const random = randomFrom(seed);
    return {
      box: [x0, y0, x0 + width, y0 + height] as const,
      data: new Uint8Array(width * height).map(() => (random() < density ? 1 : 0)),
    };
  });

/** Numbers of [0, 1) that are the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state ^ (state >>> 15)) >>> 0) / 2 ** 32;
  };
}

export const SQUARE_20: Size = { width: 20, height: 20 };
