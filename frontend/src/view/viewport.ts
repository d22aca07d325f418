/**
 * Where the photo lies on the screen.
 *
 * Points are image pixels with (0, 0) in the centre of the top-left pixel; a place on the screen
 * is in CSS pixels from the canvas' top-left corner. All functions are pure.
 */

import type { Box, Point, Size } from "../core/types";

export interface Viewport {
  /** CSS pixels per image pixel. */
  readonly scale: number;
  /** The image edge coordinate (pixel + 0.5) under the canvas' left border. */
  readonly left: number;
  /** The same for its top border. */
  readonly top: number;
  /** Of the canvas, in CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** One image pixel never covers more CSS pixels than this. */
export const LARGEST_SCALE = 64;
/** A photo never gets smaller than this share of what fits. */
const SMALLEST_SHARE = 0.5;
/** So many CSS pixels of the photo stay on the canvas however far it is panned. */
const KEPT_PX = 64;
/** Free space around a photo that fits. */
const MARGIN_PX = 24;

export function toScreen(viewport: Viewport, [x, y]: Point): Point {
  return [
    (x + 0.5 - viewport.left) * viewport.scale,
    (y + 0.5 - viewport.top) * viewport.scale,
  ];
}

export function toImage(viewport: Viewport, [x, y]: Point): Point {
  return [
    x / viewport.scale + viewport.left - 0.5,
    y / viewport.scale + viewport.top - 0.5,
  ];
}

/** The part of the image plane on the canvas, in edge coordinates: may reach beyond the photo. */
export function shownArea(viewport: Viewport): Box {
  const { left, top, scale, width, height } = viewport;
  return [left, top, left + width / scale, top + height / scale];
}

function scaleThatFits(size: Size, width: number, height: number, margin: number): number {
  const free = (length: number) => Math.max(length - 2 * margin, length / 2, 1);
  return Math.min(free(width) / size.width, free(height) / size.height);
}

/** The whole photo, centred; small photos are not blown up beyond 8 times. */
export function fitted(size: Size, width: number, height: number): Viewport {
  return around([0, 0, size.width, size.height], width, height, MARGIN_PX, 8);
}

/** Neither zoomed nor panned since it was fitted. */
function isFitted(viewport: Viewport, size: Size): boolean {
  const fit = fitted(size, viewport.width, viewport.height);
  return viewport.scale === fit.scale && viewport.left === fit.left && viewport.top === fit.top;
}

/** A box (edge coordinates) in the middle of the canvas with some surroundings. */
export function around(
  box: Box, width: number, height: number, margin = MARGIN_PX * 4, largest = LARGEST_SCALE / 2,
): Viewport {
  const [x0, y0, x1, y1] = box;
  const boxSize = { width: Math.max(x1 - x0, 1), height: Math.max(y1 - y0, 1) };
  const scale = Math.min(scaleThatFits(boxSize, width, height, margin), largest);
  return {
    scale,
    left: (x0 + x1) / 2 - width / 2 / scale,
    top: (y0 + y1) / 2 - height / 2 / scale,
    width,
    height,
  };
}

/** Zoomed by a factor; what lies under the place stays under it. */
export function zoomed(viewport: Viewport, factor: number, place: Point, size: Size): Viewport {
  return scaledTo(viewport, viewport.scale * factor, place, size);
}

/**
 * Zoomed to a scale; what lies under the place stays under it.
 *
 * @param least a scale that small photos are shown at too, however much more room there is.
 */
export function scaledTo(
  viewport: Viewport, wanted: number, place: Point, size: Size, least = 1,
): Viewport {
  const fit = scaleThatFits(size, viewport.width, viewport.height, MARGIN_PX);
  // Where it is smaller already, zooming out must not make it larger.
  const smallest = Math.min(fit * SMALLEST_SHARE, least, viewport.scale);
  const scale = Math.min(Math.max(wanted, smallest), Math.max(LARGEST_SCALE, smallest));
  const [x, y] = place;
  return kept(
    {
      ...viewport,
      scale,
      left: viewport.left + x / viewport.scale - x / scale,
      top: viewport.top + y / viewport.scale - y / scale,
    },
    size,
  );
}

/** Moved so that the photo follows the hand by (dx, dy) CSS pixels. */
export function panned(viewport: Viewport, dx: number, dy: number, size: Size): Viewport {
  return kept(
    {
      ...viewport,
      left: viewport.left - dx / viewport.scale,
      top: viewport.top - dy / viewport.scale,
    },
    size,
  );
}

/** The canvas got another size: the whole photo stays whole, else the middle stays the middle. */
export function resized(viewport: Viewport, width: number, height: number, size: Size): Viewport {
  if (isFitted(viewport, size)) return fitted(size, width, height);
  const { scale, left, top } = viewport;
  return kept(
    {
      scale,
      left: left + (viewport.width - width) / 2 / scale,
      top: top + (viewport.height - height) / 2 / scale,
      width,
      height,
    },
    size,
  );
}

/** Keeps some of the photo on the canvas. */
export function kept(viewport: Viewport, size: Size): Viewport {
  const within = (start: number, length: number, photo: number) => {
    const keep = Math.min(KEPT_PX / viewport.scale, photo, length / viewport.scale);
    return Math.min(Math.max(start, keep - length / viewport.scale), photo - keep);
  };
  return {
    ...viewport,
    left: within(viewport.left, viewport.width, size.width),
    top: within(viewport.top, viewport.height, size.height),
  };
}

export function overlaps(a: Box, b: Box): boolean {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}
