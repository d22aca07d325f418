/** A magnifier beside the pointer: single pixels, and exactly the one that would be taken. */

import type { MaskRuns, Point, Size } from "../core/types";
import { ObjectShapes } from "./object-shapes";
import type { PhotoTiles } from "./photo-tiles";

const SIDE_PX = 136;
const AWAY_PX = 28;
/** So far the pointer goes from a click before it is on its way to something else, CSS pixels. */
const LEFT_PX = 4;

export type LoupeMode = "auto" | "on" | "off";

/** CSS pixels per image pixel inside the loupe. */
export function loupeScale(scale: number): number {
  return Math.min(Math.max(scale * 4, 6), 32);
}

/** With "auto" it comes while points are placed, as long as pixels are small on the canvas. */
export function loupeWanted(mode: LoupeMode, scale: number, placing: boolean): boolean {
  if (mode === "off") return false;
  return mode === "on" || (placing && scale < 4);
}

/** Its top-left corner: to the upper right of the pointer, elsewhere near the borders. */
export function loupeCorner([x, y]: Point, { width, height }: Size): Point {
  const left = x + AWAY_PX + SIDE_PX <= width ? x + AWAY_PX : x - AWAY_PX - SIDE_PX;
  const top = y - AWAY_PX - SIDE_PX >= 0 ? y - AWAY_PX - SIDE_PX : y + AWAY_PX;
  return [Math.max(left, 0), Math.min(top, Math.max(height - SIDE_PX, 0))];
}

/** When a hand places points: before the fourth, and later wherever it comes to a point. */
export class Placing {
  private count = 0;
  private clickedAt: Point | null = null;

  /** Where the fourth or a later point was just clicked, the mask is to be seen and nothing over it. */
  goesOn(count: number, overPoint: boolean, place: Point | null): boolean {
    if (count > this.count && count >= 4) this.clickedAt = place;
    this.count = count;
    const at = this.clickedAt;
    if (at && place && Math.hypot(place[0] - at[0], place[1] - at[1]) > LEFT_PX) this.clickedAt = null;
    return count < 4 || (overPoint && !this.clickedAt);
  }
}

export class Loupe {
  readonly canvas = document.createElement("canvas");
  /** Its own: the detail differs from the main view's. */
  private readonly shapes = new ObjectShapes();

  constructor() {
    this.canvas.className = "loupe";
    this.canvas.hidden = true;
    this.canvas.setAttribute("aria-hidden", "true");
  }

  hide(): void {
    this.canvas.hidden = true;
  }

  /**
   * @param place of the pointer in CSS pixels; @param point the same in image pixels.
   * @param scale of the main view.
   */
  draw(
    photo: PhotoTiles, place: Point, point: Point, canvas: Size, scale: number, ratio: number,
    filter: string, mask: MaskRuns | null, color: string,
  ): void {
    const side = Math.round(SIDE_PX * ratio);
    if (this.canvas.width !== side) this.canvas.width = this.canvas.height = side;
    this.canvas.hidden = false;
    const [left, top] = loupeCorner(place, canvas);
    this.canvas.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
    const context = this.canvas.getContext("2d")!;
    const deviceScale = loupeScale(scale) * ratio;
    const half = side / 2 / deviceScale;
    const [x, y] = [point[0] + 0.5, point[1] + 0.5];
    const area = [x - half, y - half, x + half, y + half] as const;
    photo.alsoLook("loupe", area, 1);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = "#1b1c1f";
    context.fillRect(0, 0, side, side);
    context.filter = filter || "none";
    photo.draw(context, area, { deviceScale, left: x - half, top: y - half });
    context.filter = "none";
    if (mask) {
      context.setTransform(deviceScale, 0, 0, deviceScale, -area[0] * deviceScale, -area[1] * deviceScale);
      context.strokeStyle = color;
      context.lineWidth = (1.5 * ratio) / deviceScale;
      context.stroke(this.shapes.path(mask, deviceScale));
      context.setTransform(1, 0, 0, 1, 0, 0);
    }
    drawCross(context, side, ratio);
  }
}

function drawCross(context: CanvasRenderingContext2D, side: number, ratio: number): void {
  const middle = side / 2;
  for (const [color, width] of [["rgba(0,0,0,.5)", 3], ["rgba(255,255,255,.95)", 1]] as const) {
    context.strokeStyle = color;
    context.lineWidth = width * ratio;
    context.beginPath();
    context.moveTo(0, middle);
    context.lineTo(middle - 5 * ratio, middle);
    context.moveTo(middle + 5 * ratio, middle);
    context.lineTo(side, middle);
    context.moveTo(middle, 0);
    context.lineTo(middle, middle - 5 * ratio);
    context.moveTo(middle, middle + 5 * ratio);
    context.lineTo(middle, side);
    context.stroke();
  }
  context.fillStyle = "#fff";
  context.fillRect(middle - ratio, middle - ratio, 2 * ratio, 2 * ratio);
}
