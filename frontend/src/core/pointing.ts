/** What presses and drags mean with each tool. */

import type { Correcting } from "./correcting";
import type { DraftHistory } from "./draft-history";
import type { Drafting } from "./drafting";
import type { EffortMeter } from "./effort-meter";
import type { PointEditing, PointHold } from "./point-editing";
import { edgeAt, vertexAt } from "./polygon";
import type { Redrawing } from "./redrawing";
import type { Reshaping } from "./reshaping";
import type { Selecting } from "./selecting";
import type { Store } from "./store";
import type { Point } from "./types";

export interface PressOptions {
  /** How near to a point or vertex takes hold of it, in image pixels (so: screen px / zoom). */
  readonly grabPx: number;
  /** Shift: adds to the selection (select), draws straight on from the last stroke (brush). */
  readonly shift?: boolean;
  /** Alt: takes away the point or vertex that is hit. */
  readonly alt?: boolean;
}

export interface PointingPorts {
  readonly store: Store;
  readonly drafting: Drafting;
  readonly points: PointEditing;
  readonly correcting: Correcting;
  readonly selecting: Selecting;
  readonly reshaping: Reshaping;
  readonly redrawing: Redrawing;
  readonly effort: EffortMeter;
}

type Hold = { readonly kind: "stroke" | "vertex" | "edge" | "ahead" } | PointHold;

/** Shorter than this is a click with an unsteady hand, in grab distances. */
const STILL = 0.15;
/** Before the fourth point a click upon a point is another point: it may slip further. */
const STILL_ON_POINT = 0.4;
/** A line along the border is longer than a click that slips. */
const STILL_ON_EDGE = 0.75;

export class Pointing {
  #hold: Hold | null = null;
  #pressedAt: Point = [0, 0];
  /** Where the hand is, or was last. */
  #at: Point = [0, 0];
  #still = 0;
  #moved = false;
  /** Of the image with that id: on another one there is nothing to draw on from. */
  #lastStroke: { readonly imageId: number; readonly end: Point } | null = null;
  /** The last press was upon a point and added another. */
  #addedOnPoint = false;
  /** Takes back what the last press did at once, without a drag to follow. */
  #takeBack: (() => void) | null = null;
  /** Steps of the draft before the last two presses: for the double click. */
  #beforePresses: readonly [DraftHistory | null, DraftHistory | null] = [null, null];

  constructor(private readonly ports: PointingPorts) {}

  get holding(): boolean {
    return this.#hold !== null;
  }

  press(point: Point, options: PressOptions): boolean {
    const { store, points, redrawing, effort } = this.ports;
    const { image, tool, steps } = store.desk;
    if (!image || store.desk.opening) return false;
    if (this.#hold) this.letGo();
    effort.input();
    this.#beforePresses = [this.#beforePresses[1], steps];
    this.#pressedAt = this.#at = point;
    this.#still = options.grabPx * STILL;
    this.#moved = false;
    this.#addedOnPoint = false;
    this.#takeBack = null;
    if (tool === "brush" || tool === "eraser") return this.#pressBrush(point, options);
    if (tool === "polygon") return this.#pressPolygon(point, options);
    const index = points.at(point, options.grabPx);
    if (index !== null) return this.#pressPoint(index, point, options);
    if (tool === "points") {
      if (!redrawing.possible(points.atWork)) return this.#addPoint(point);
      this.#still = options.grabPx * STILL_ON_EDGE;
      this.#hold = { kind: "edge" };
      return true;
    }
    return this.#pressSelect(point, options);
  }

  drag(point: Point): void {
    const { store, points, drafting, reshaping, redrawing } = this.ports;
    const hold = this.#hold;
    if (!hold) return;
    this.#at = point;
    const [dx, dy] = [point[0] - this.#pressedAt[0], point[1] - this.#pressedAt[1]];
    if (!this.#moved && hold.kind !== "stroke" && Math.hypot(dx, dy) < this.#still) return;
    this.#moved = true;
    if (hold.kind === "point") points.move(hold, point);
    else if (hold.kind === "vertex") reshaping.drag(point);
    else if (hold.kind === "edge") redrawing.drag(this.#pressedAt, point);
    else if (hold.kind === "ahead") drafting.movesAhead(point);
    else {
      const { stroke } = store.desk;
      if (stroke) store.set({ stroke: { ...stroke, path: [...stroke.path, point] } });
    }
  }

  release(point: Point): void {
    const hold = this.#hold;
    if (!hold) return;
    if (this.#moved) this.drag(point);
    this.#hold = null;
    const { store, drafting, correcting, reshaping } = this.ports;
    if (hold.kind === "vertex") reshaping.release();
    else if (hold.kind === "point") this.#releasePoint(hold);
    else if (hold.kind === "edge") this.#releaseEdge();
    else if (hold.kind === "ahead") drafting.keep();
    else {
      const { stroke, image } = store.desk;
      this.#lastStroke = image && { imageId: image.id, end: point };
      store.together(() => {
        store.set({ stroke: null });
        if (stroke) correcting.correct({ kind: "stroke", ...stroke });
      });
    }
  }

  /** What the hand has done so far is done: a key comes before it lets go. */
  finish(): void {
    this.release(this.#at);
  }

  /** The press was none: it was half of a pinch, or of the palm, or the browser took it back. */
  takeBack(): void {
    const takeBack = this.#takeBack;
    this.#takeBack = null;
    this.letGo();
    takeBack?.();
  }

  /** Escape in the middle of a drag: as if it had not been. */
  letGo(): void {
    const { store, drafting, reshaping } = this.ports;
    const hold = this.#hold;
    this.#hold = null;
    if (hold?.kind === "point") drafting.restoreSteps(hold.before);
    if (hold?.kind === "vertex") reshaping.letGo();
    if (hold?.kind === "ahead") drafting.takesBackAhead();
    store.set({ stroke: null, edge: null });
  }

  /**
   * On an object: chooses it for editing, if the two clicks did not belong to a draft. Within a
   * draft it is one click: that the hand twitched must not make a second point of it.
   */
  doubleClick(point: Point): void {
    const { store, drafting, selecting } = this.ports;
    const { tool } = store.desk;
    if (tool !== "points" && tool !== "select") return;
    const [before, between] = this.#beforePresses;
    const onPoint = this.#addedOnPoint;
    this.#addedOnPoint = false;
    if (onPoint && between?.present.content) drafting.restoreSteps(between);
    const hit = selecting.objectAt(point);
    if (hit === null || !before || before.present.content) return;
    store.together(() => {
      if (drafting.content) drafting.restoreSteps(before);
      selecting.edit(hit);
    });
  }

  /** What a press would take hold of. */
  grabbedAt(point: Point, grabPx: number): "point" | "vertex" | "edge" | "object" | null {
    const { store, points, selecting } = this.ports;
    const { tool, polygon } = store.desk;
    if (tool === "brush" || tool === "eraser") return null;
    if (tool === "polygon" && polygon) {
      if (vertexAt(polygon, point, grabPx)) return "vertex";
      if (edgeAt(polygon, point, grabPx)) return "edge";
    }
    if (tool !== "polygon" && points.at(point, grabPx) !== null) return "point";
    if (tool === "points") return null;
    return selecting.objectAt(point) === null ? null : "object";
  }

  #releaseEdge(): void {
    if (!this.ports.redrawing.release()) this.ports.points.add(this.#pressedAt);
  }

  /** Whether the press holds the new point. */
  #addPoint(point: Point): boolean {
    const { store, points } = this.ports;
    const { ahead } = store.desk;
    const hold = points.add(point);
    if (hold) this.#hold = hold;
    else if (store.desk.ahead !== ahead) this.#hold = { kind: "ahead" };
    return this.#hold !== null;
  }

  #pressPoint(index: number, point: Point, { alt, grabPx }: PressOptions): boolean {
    const { points } = this.ports;
    if (alt) {
      points.remove(index);
      return true;
    }
    if (points.wantsMore) this.#still = grabPx * STILL_ON_POINT;
    this.#hold = points.hold(index, point);
    return true;
  }

  /** Two extreme points may lie in one corner: a click upon a point is the next one. */
  #releasePoint({ stepped }: PointHold): void {
    const { points, drafting } = this.ports;
    this.#addedOnPoint = !stepped && points.wantsMore && points.add(this.#pressedAt) !== null;
    drafting.keep();
  }

  #pressBrush(point: Point, { shift }: PressOptions): boolean {
    const { store } = this.ports;
    const { tool, brushRadiusPx: radiusPx, image } = store.desk;
    const last = this.#lastStroke;
    const from = shift && last && last.imageId === image?.id ? [last.end] : [];
    store.set({ stroke: { path: [...from, point], radiusPx, erase: tool === "eraser" } });
    this.#hold = { kind: "stroke" };
    return true;
  }

  #pressPolygon(point: Point, options: PressOptions): boolean {
    const { reshaping, drafting } = this.ports;
    if (reshaping.press(point, options)) {
      if (!options.alt) this.#hold = { kind: "vertex" };
      return true;
    }
    return drafting.content ? false : this.#pressSelect(point, options);
  }

  #pressSelect(point: Point, { shift }: PressOptions): boolean {
    const { store, selecting } = this.ports;
    const { selected, editing } = store.desk;
    const hit = selecting.objectAt(point);
    this.#takeBack = () => store.set({ selected, editing });
    if (hit === null) {
      if (!shift) selecting.select([]);
    } else if (shift) selecting.toggle(hit);
    else selecting.select([hit]);
    return false;
  }
}
