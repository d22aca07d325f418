/**
 * All objects that are not being worked on, painted into cells of the screen and kept.
 *
 * Panning then draws a few pictures, however many objects there are; only cells that come into
 * view are painted, some milliseconds' worth per frame. After zooming the old cells are shown
 * stretched until the new ones are there.
 */

import type { Box, MaskRuns } from "../core/types";
import type { ObjectShapes } from "./object-shapes";
import type { Placement } from "./photo-tiles";
import { overlaps } from "./viewport";

export interface PaintedObject {
  readonly id: number;
  readonly mask: MaskRuns;
  /** "#rrggbb". */
  readonly color: string;
}

export interface ObjectLook {
  /** Of the fill, 0 to 1. */
  readonly opacity: number;
  /** Of the outline, device pixels. */
  readonly lineWidth: number;
}

interface Cell {
  /** What is shown, perhaps of a moment ago. */
  canvas: OffscreenCanvas;
  /** What is being painted, and how many objects it has already. */
  coming: OffscreenCanvas | null;
  done: number;
  readonly area: Box;
  stale: boolean;
  used: number;
}

interface Generation {
  readonly deviceScale: number;
  readonly cells: Map<string, Cell>;
}

const CELL_PX = 512;
/** Of one generation: 64 MB. */
const MOST_CELLS = 64;

export class ObjectCells {
  private objects: readonly PaintedObject[] = [];
  private look: ObjectLook = { opacity: 0.35, lineWidth: 1.5 };
  private current: Generation = { deviceScale: 0, cells: new Map() };
  private previous: Generation | null = null;
  private frame = 0;

  constructor(private readonly shapes: ObjectShapes) {}

  /** Cells where something changed are painted anew when they are next drawn. */
  show(objects: readonly PaintedObject[], look: ObjectLook): void {
    const restyled = look.opacity !== this.look.opacity || look.lineWidth !== this.look.lineWidth;
    const changed = restyled ? null : changedBoxes(this.objects, objects);
    this.objects = objects;
    this.look = look;
    for (const generation of [this.current, this.previous]) {
      for (const cell of generation?.cells.values() ?? []) {
        if (changed && !changed.some((box) => overlaps(box, cell.area))) {
          // Its painting counts objects, and there may be others before the one it came to.
          if (cell.coming) cell.done = 0;
          continue;
        }
        cell.stale = true;
        cell.done = 0;
      }
    }
  }

  /** Another photo: nothing is kept. */
  clear(): void {
    this.objects = [];
    this.current = { deviceScale: 0, cells: new Map() };
    this.previous = null;
  }

  /**
   * @param place where the image lies; @param settled whether the scale will stay for a while.
   * @param untilMs when painting has to stop, on performance.now()'s clock.
   * @returns whether everything is shown as it should be.
   */
  draw(
    context: CanvasRenderingContext2D, place: Placement, settled: boolean, untilMs: number,
  ): boolean {
    this.frame++;
    if (place.deviceScale !== this.current.deviceScale) {
      if (!settled && this.current.cells.size > 0) {
        this.drawGeneration(context, this.current, place);
        return false;
      }
      if (this.current.cells.size > 0) this.previous = this.current;
      this.current = { deviceScale: place.deviceScale, cells: new Map() };
    }
    const complete = this.drawCells(context, place, untilMs);
    if (complete) this.previous = null;
    return complete;
  }

  private drawCells(
    context: CanvasRenderingContext2D, place: Placement, untilMs: number,
  ): boolean {
    const { canvas } = context;
    const { deviceScale } = place;
    const offsetX = Math.round(place.left * deviceScale);
    const offsetY = Math.round(place.top * deviceScale);
    let complete = true;
    for (let row = Math.floor(offsetY / CELL_PX); row * CELL_PX < offsetY + canvas.height; row++) {
      for (let column = Math.floor(offsetX / CELL_PX); column * CELL_PX < offsetX + canvas.width; column++) {
        const cell = this.cellAt(column, row);
        cell.used = this.frame;
        if (cell.stale) this.paint(cell, column, row, untilMs);
        const x = column * CELL_PX - offsetX;
        const y = row * CELL_PX - offsetY;
        if (cell.stale && cell.canvas === cell.coming && this.previous) {
          this.drawPrevious(context, this.previous, place, x, y);
        } else {
          context.drawImage(cell.canvas, x, y);
        }
        if (cell.stale) complete = false;
      }
    }
    this.forget();
    return complete;
  }

  private drawGeneration(
    context: CanvasRenderingContext2D, { cells, deviceScale }: Generation, place: Placement,
  ): void {
    const ratio = place.deviceScale / deviceScale;
    context.imageSmoothingEnabled = true;
    for (const [name, cell] of cells) {
      const [column, row] = name.split("/").map(Number) as [number, number];
      const x = (column * CELL_PX) * ratio - place.left * place.deviceScale;
      const y = (row * CELL_PX) * ratio - place.top * place.deviceScale;
      const side = CELL_PX * ratio;
      if (x > context.canvas.width || y > context.canvas.height || x + side < 0 || y + side < 0) continue;
      // Whole pixels, so that no seam shows between neighbours.
      const [left, top] = [Math.round(x), Math.round(y)];
      context.drawImage(
        cell.canvas, left, top, Math.round(x + side) - left, Math.round(y + side) - top);
    }
  }

  private drawPrevious(
    context: CanvasRenderingContext2D, previous: Generation, place: Placement, x: number, y: number,
  ): void {
    context.save();
    context.beginPath();
    context.rect(x, y, CELL_PX, CELL_PX);
    context.clip();
    this.drawGeneration(context, previous, place);
    context.restore();
  }

  private cellAt(column: number, row: number): Cell {
    const name = `${column}/${row}`;
    const known = this.current.cells.get(name);
    if (known) return known;
    const { deviceScale } = this.current;
    // A line may reach into the cell from an object beside it.
    const reach = this.look.lineWidth / deviceScale;
    const side = CELL_PX / deviceScale;
    const canvas = new OffscreenCanvas(CELL_PX, CELL_PX);
    const cell: Cell = {
      canvas, coming: canvas, done: 0, stale: true, used: this.frame,
      area: [
        column * side - reach, row * side - reach, (column + 1) * side + reach, (row + 1) * side + reach,
      ],
    };
    this.current.cells.set(name, cell);
    return cell;
  }

  /** Goes on with a cell's objects until it is complete or the time is over. */
  private paint(cell: Cell, column: number, row: number, untilMs: number): void {
    const { deviceScale } = this.current;
    cell.coming ??= new OffscreenCanvas(CELL_PX, CELL_PX);
    const context = cell.coming.getContext("2d")!;
    if (cell.done === 0) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, CELL_PX, CELL_PX);
    }
    context.setTransform(deviceScale, 0, 0, deviceScale, -column * CELL_PX, -row * CELL_PX);
    for (let painted = 0; cell.done < this.objects.length; cell.done++) {
      const object = this.objects[cell.done]!;
      if (!overlaps(object.mask.box, cell.area)) continue;
      // One a frame in any case, so that it comes to an end.
      if (painted++ > 0 && performance.now() > untilMs) return;
      paintObject(context, this.shapes.path(object.mask, deviceScale), object.color, this.look, deviceScale);
    }
    cell.canvas = cell.coming;
    cell.coming = null;
    cell.done = 0;
    cell.stale = false;
  }

  private forget(): void {
    const { cells } = this.current;
    if (cells.size <= MOST_CELLS) return;
    for (const [name, cell] of cells) if (cell.used < this.frame) cells.delete(name);
  }
}

/** In a context whose unit is the image pixel. */
export function paintObject(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  path: Path2D, color: string, look: ObjectLook, deviceScale: number,
): void {
  context.globalAlpha = look.opacity;
  context.fillStyle = color;
  context.fill(path, "evenodd");
  context.globalAlpha = 1;
  context.lineJoin = "round";
  context.strokeStyle = color;
  context.lineWidth = look.lineWidth / deviceScale;
  context.stroke(path);
}

/** Where two drawings of objects differ: boxes of those that came, went or changed. */
export function changedBoxes(
  before: readonly PaintedObject[], after: readonly PaintedObject[],
): Box[] {
  const known = new Map(before.map((object) => [object.id, object]));
  const boxes: Box[] = [];
  for (const object of after) {
    const old = known.get(object.id);
    known.delete(object.id);
    if (old && old.mask === object.mask && old.color === object.color) continue;
    if (old) boxes.push(old.mask.box);
    boxes.push(object.mask.box);
  }
  for (const gone of known.values()) boxes.push(gone.mask.box);
  return boxes;
}
