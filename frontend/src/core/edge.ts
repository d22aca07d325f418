/** A line drawn where the object's edge should be: the mask's edge follows it. */

import {
  around,
  cropped,
  intersection,
  pixelAt,
  subtract,
  union,
  wholeImage,
  type Bitmap,
} from "./bitmap";
import { strokeBox } from "./brush";
import { cutOff, type Sides } from "./cutting";
import type { Box, Point, Size } from "./types";

/**
 * Where the line runs outside the mask, what it encloses with the mask becomes object; where it
 * runs through the mask, what it cuts off no longer is. Of the pieces that it makes of one part,
 * the largest stays as it was; so does background that goes on beyond the mask and the line. Ends
 * that fall short of the mask's edge are led on to it.
 */
export function edgeRedrawn(bitmap: Bitmap, path: readonly Point[], size: Size): Bitmap {
  const window = windowOf(bitmap, path, size);
  const mask = cropped(bitmap, window);
  const pixels = wholeWay(path, mask);
  const line = emptied(mask);
  for (const [x, y] of pixels) put(line, x, y, 1);
  const open: Sides = [
    window[0] > 0,
    window[1] > 0,
    window[2] < size.width,
    window[3] < size.height,
  ];
  const filled = cutOff(mask, union(mask, line), 0, open);
  const removed = cutOff(mask, subtract(mask, line), 1, [false, false, false, false]);
  const kept = subtract(subtract(mask, removed), line);
  const redrawn = union(kept, filled);
  for (const [x, y] of pixels) {
    const stays = pixelAt(mask, x, y)
      ? !touches(removed, x, y) || touches(kept, x, y)
      : touches(filled, x, y);
    if (stays) put(redrawn, x, y, 1);
  }
  return redrawn;
}

/** One pixel more than mask and line need, so that the background goes round them. */
function windowOf(bitmap: Bitmap, path: readonly Point[], size: Size): Box {
  const [x0, y0, x1, y1] = around(bitmap.box, strokeBox(path, 0, size));
  return intersection([x0 - 1, y0 - 1, x1 + 1, y1 + 1], wholeImage(size));
}

type Pixel = readonly [x: number, y: number];

/** The line in steps from pixel to pixel by edges, led on where its ends fall short. */
function wholeWay(path: readonly Point[], mask: Bitmap): readonly Pixel[] {
  const pixels = linePixels(path);
  const start = missingEnd(pixels, mask);
  const end = missingEnd(pixels.toReversed(), mask);
  const before = start ? steps(pixels[0], start).reverse() : [];
  const after = end ? steps(pixels[pixels.length - 1], end) : [];
  return [...before, ...pixels, ...after];
}

/** Never over a corner, so that nothing slips through the line. */
export function linePixels(path: readonly Point[]): readonly Pixel[] {
  const pixels: Pixel[] = [];
  for (const [px, py] of path) {
    const place: Pixel = [Math.floor(px + 0.5), Math.floor(py + 0.5)];
    const last = pixels.at(-1);
    if (last) for (const pixel of steps(last, place)) pixels.push(pixel);
    else pixels.push(place);
  }
  return pixels;
}

/** From one pixel, without it, to another. */
function steps([x0, y0]: Pixel, [x1, y1]: Pixel): Pixel[] {
  const [dx, dy] = [Math.abs(x1 - x0), Math.abs(y1 - y0)];
  const [stepX, stepY] = [x1 > x0 ? 1 : -1, y1 > y0 ? 1 : -1];
  const way: Pixel[] = [];
  let [x, y, error] = [x0, y0, 0];
  for (let i = 0; i < dx + dy; i++) {
    if (Math.abs(error + dy) < Math.abs(error - dx)) {
      x += stepX;
      error += dy;
    } else {
      y += stepY;
      error -= dx;
    }
    way.push([x, y]);
  }
  return way;
}

/**
 * Where a line should have begun: the nearest pixel across the mask's edge. Null where there is no
 * edge, and where the line begins well beyond it on purpose: further from it than half the way to
 * where the line first crosses it.
 */
function missingEnd(pixels: readonly Pixel[], mask: Bitmap): Pixel | null {
  const [x, y] = pixels[0];
  const inside = pixelAt(mask, x, y);
  const crossing = pixels.findIndex((pixel) => pixelAt(mask, ...pixel) !== inside);
  const nearest = nearestOf(mask, 1 - inside, x, y);
  if (!nearest) return null;
  const away = Math.hypot(nearest[0] - x, nearest[1] - y);
  return crossing >= 0 && away > crossing / 2 ? null : nearest;
}

/** The nearest pixel of a value; beyond the bitmap there are zeros. */
function nearestOf({ box, data }: Bitmap, value: number, x: number, y: number): Pixel | null {
  const [x0, y0, x1, y1] = box;
  const width = x1 - x0;
  let best: Pixel | null = null;
  let least = Infinity;
  const look = (column: number, row: number): void => {
    const away = (column - x) ** 2 + (row - y) ** 2;
    if (away < least) {
      least = away;
      best = [column, row];
    }
  };
  for (let row = y0; row < y1; row++) {
    if ((row - y) ** 2 >= least) continue;
    const start = (row - y0) * width;
    for (let column = x0; column < x1; column++) {
      if (data[start + column - x0] === value) look(column, row);
    }
  }
  if (value === 0) {
    const across = Math.min(Math.max(x, x0), x1 - 1);
    const down = Math.min(Math.max(y, y0), y1 - 1);
    for (const [column, row] of [[x0 - 1, down], [x1, down], [across, y0 - 1], [across, y1]]) {
      look(column, row);
    }
  }
  return best;
}

function emptied({ box, data }: Bitmap): Bitmap {
  return { box, data: new Uint8Array(data.length) };
}

/** In place; outside the box nothing happens. */
function put({ box, data }: Bitmap, x: number, y: number, value: 0 | 1): void {
  const [x0, y0, x1, y1] = box;
  if (x >= x0 && y >= y0 && x < x1 && y < y1) data[(y - y0) * (x1 - x0) + x - x0] = value;
}

/** By an edge or a corner. */
function touches(bitmap: Bitmap, x: number, y: number): boolean {
  for (let row = y - 1; row <= y + 1; row++) {
    for (let column = x - 1; column <= x + 1; column++) {
      if (pixelAt(bitmap, column, row)) return true;
    }
  }
  return false;
}
