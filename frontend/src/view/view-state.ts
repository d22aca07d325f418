/** What of the view the panels show, and what its keys do to it. */

import type { ViewCommand } from "../core/shortcuts";
import type { Box, Point, Size } from "../core/types";
import type { LoupeMode } from "./loupe";
import { changedTones, PLAIN_TONES, type Tones } from "./tones";
import { fitted, panned, scaledTo, zoomed, type Viewport } from "./viewport";

export interface ViewState {
  readonly scale: number;
  /** In image pixels; null when the pointer is elsewhere. */
  readonly pointer: Point | null;
  readonly tones: Tones;
  /** Of the masks' fill, 0 to 1. */
  readonly opacity: number;
  readonly masksShown: boolean;
  readonly loupe: LoupeMode;
}

export type ViewChange = Partial<Pick<ViewState, "tones" | "opacity" | "masksShown" | "loupe">>;

export const FIRST_VIEW: ViewState = {
  scale: 1, pointer: null, tones: PLAIN_TONES, opacity: 0.3, masksShown: true, loupe: "auto",
};

const PAN_PX = 80;
const ZOOM_STEP = 1.4;

/** Where a key takes the photo; null for keys that do not move it. */
export function movedBy(
  command: ViewCommand, viewport: Viewport, place: Point | null, size: Size, ratio: number,
): Viewport | null {
  const { width, height } = viewport;
  const middle: Point = place ?? [width / 2, height / 2];
  switch (command) {
    case "zoom-in": return zoomed(viewport, ZOOM_STEP, middle, size);
    case "zoom-out": return zoomed(viewport, 1 / ZOOM_STEP, middle, size);
    case "zoom-fit": return fitted(size, width, height);
    case "zoom-actual": return scaledTo(viewport, 1 / ratio, middle, size, 1 / ratio);
    case "pan-left": return panned(viewport, PAN_PX, 0, size);
    case "pan-right": return panned(viewport, -PAN_PX, 0, size);
    case "pan-up": return panned(viewport, 0, PAN_PX, size);
    case "pan-down": return panned(viewport, 0, -PAN_PX, size);
    default: return null;
  }
}

/** What a key changes of how things are shown; null for others. */
export function changedBy(command: ViewCommand, { tones, masksShown }: ViewState): ViewChange | null {
  switch (command) {
    case "brighter": return { tones: changedTones(tones, "brightness", 1) };
    case "darker": return { tones: changedTones(tones, "brightness", -1) };
    case "more-contrast": return { tones: changedTones(tones, "contrast", 1) };
    case "less-contrast": return { tones: changedTones(tones, "contrast", -1) };
    case "reset-tones": return { tones: PLAIN_TONES };
    case "toggle-masks": return { masksShown: !masksShown };
    default: return null;
  }
}

/** The smallest box around all; null for none. */
export function boxAround(boxes: readonly Box[]): Box | null {
  if (boxes.length === 0) return null;
  return [
    Math.min(...boxes.map((box) => box[0])), Math.min(...boxes.map((box) => box[1])),
    Math.max(...boxes.map((box) => box[2])), Math.max(...boxes.map((box) => box[3])),
  ];
}
