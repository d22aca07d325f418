/** Which tiles of the photo's pyramid a view needs. Pure; the fetching is in tile-store.ts. */

import type { Box, Size } from "../core/types";

/** One photo's pyramid: level 0 is full resolution, level n is 1/2^n of it. */
export interface Pyramid extends Size {
  readonly levels: number;
  readonly tilePx: number;
}

export interface TileAddress {
  readonly level: number;
  readonly column: number;
  readonly row: number;
}

/**
 * The coarsest level that still has a pixel for every pixel of the device.
 *
 * @param deviceScale device pixels per image pixel.
 */
export function levelFor(deviceScale: number, levels: number): number {
  // A little slack, so that rounding never asks for four times the tiles.
  const level = Math.floor(Math.log2(1 / deviceScale) + 0.02);
  return Math.min(Math.max(level, 0), levels - 1);
}

/** The part of the photo that a tile shows, in image edge coordinates. */
export function tileArea(pyramid: Pyramid, { level, column, row }: TileAddress): Box {
  const side = pyramid.tilePx * 2 ** level;
  return [
    column * side,
    row * side,
    Math.min((column + 1) * side, pyramid.width),
    Math.min((row + 1) * side, pyramid.height),
  ];
}

/** The tiles of one level that meet an area, those nearest its middle first. */
export function tilesOver(pyramid: Pyramid, area: Box, level: number): TileAddress[] {
  const side = pyramid.tilePx * 2 ** level;
  const last = (length: number) => Math.ceil(length / side) - 1;
  const span = (from: number, to: number, length: number): [number, number] => [
    Math.max(Math.floor(from / side), 0),
    Math.min(Math.ceil(to / side) - 1, last(length)),
  ];
  const [c0, c1] = span(area[0], area[2], pyramid.width);
  const [r0, r1] = span(area[1], area[3], pyramid.height);
  const tiles: TileAddress[] = [];
  for (let row = r0; row <= r1; row++) {
    for (let column = c0; column <= c1; column++) tiles.push({ level, column, row });
  }
  const away = ({ column, row }: TileAddress) =>
    Math.hypot((column + 0.5) * side - (area[0] + area[2]) / 2,
      (row + 0.5) * side - (area[1] + area[3]) / 2);
  return tiles.sort((a, b) => away(a) - away(b));
}

/** The tile one level coarser that holds this one; null above the top. */
export function parentOf(tile: TileAddress, levels: number): TileAddress | null {
  if (tile.level + 1 >= levels) return null;
  return { level: tile.level + 1, column: tile.column >> 1, row: tile.row >> 1 };
}

export function nameOf({ level, column, row }: TileAddress): string {
  return `${level}/${column}/${row}`;
}
