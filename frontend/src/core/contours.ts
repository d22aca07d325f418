/** The exact outline of a mask, along the edges of its pixels. */

import type { Bitmap } from "./bitmap";
import { eachRowRun } from "./row-runs";

/** A closed line; outer ones run clockwise on the screen, holes against it. */
export interface Ring {
  /** x0, y0, x1, y1, ... in image pixels, without the first again at the end. */
  readonly xy: Float64Array;
  readonly hole: boolean;
}

// Directions: east, south, west, north.
const EAST = 0;
const WEST = 2;
const STEP_X = [1, 0, -1, 0];
const STEP_Y = [0, 1, 0, -1];

/**
 * Rings with a vertex at every turn. Pixels that touch only by a corner are of two rings: object
 * parts join by edges, holes by corners as well. Pixel centres are whole numbers, so the vertices
 * lie at halves: `filled` of these rings is the same mask again.
 */
export function outlinesOf(bitmap: Bitmap): readonly Ring[] {
  const width = bitmap.box[2] - bitmap.box[0];
  const height = bitmap.box[3] - bitmap.box[1];
  const stride = width + 2;
  // With a frame of zeros, so that no neighbour needs a check.
  const padded = new Uint8Array(stride * (height + 2));
  for (let y = 0; y < height; y++) {
    padded.set(bitmap.data.subarray(y * width, (y + 1) * width), (y + 1) * stride + 1);
  }
  const walked = new Uint8Array(padded.length);
  const rings: Ring[] = [];
  const [left, top] = [bitmap.box[0] - 1.5, bitmap.box[1] - 1.5];
  eachRowRun(bitmap, 1, (row, start, end) => {
    const above = row * stride + 1;
    // Every ring runs east along the top edge of some pixel; the first met begins at a corner.
    for (let x = start; ; x++) {
      x = padded.indexOf(0, above + x) - above;
      if (x < 0 || x >= end) return;
      const pixel = above + stride + x;
      if (!walked[pixel]) rings.push(ringFrom(pixel, padded, walked, stride, left, top));
    }
  });
  return rings;
}

/** Walks with the object on the right hand; `start` is the pixel under the first step. */
function ringFrom(
  start: number,
  padded: Uint8Array,
  walked: Uint8Array,
  stride: number,
  offsetX: number,
  offsetY: number,
): Ring {
  // A corner is named by the pixel to the lower right of it.
  const ahead = [1, stride, -1, -stride];
  const rightOf = [0, -1, -1 - stride, -stride];
  const leftOf = [-stride, 0, -1, -1 - stride];
  const xy: number[] = [];
  let corner = start;
  let x = start % stride;
  let y = (start - x) / stride;
  let direction = EAST;
  let doubledArea = 0;
  xy.push(x + offsetX, y + offsetY);
  for (;;) {
    if (direction === EAST) {
      walked[corner] = 1;
      doubledArea -= 2 * y;
    } else if (direction === WEST) {
      doubledArea += 2 * y;
    }
    corner += ahead[direction];
    x += STEP_X[direction];
    y += STEP_Y[direction];
    let next = direction;
    if (!padded[corner + rightOf[direction]]) next = (direction + 1) % 4;
    else if (padded[corner + leftOf[direction]]) next = (direction + 3) % 4;
    if (corner === start && next === EAST) break;
    if (next !== direction) xy.push(x + offsetX, y + offsetY);
    direction = next;
  }
  return { xy: Float64Array.from(xy), hole: doubledArea < 0 };
}
