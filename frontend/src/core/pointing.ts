/** What presses and drags mean with each tool. */

import type { Correcting } from "./correcting";
import { draftOf, LEAST_POINTS, newDraft, type DraftContent } from "./draft";
import type { DraftHistory } from "./draft-history";
import type { Drafting } from "./drafting";
import type { EffortMeter } from "./effort-meter";
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
  readonly correcting: Correcting;
  readonly selecting: Selecting;
  readonly reshaping: Reshaping;
  readonly redrawing: Redrawing;
  readonly effort: EffortMeter;
}

type Hold =
  | { readonly kind: "stroke" | "vertex" | "edge" }
  | {
      readonly kind: "point";
      readonly index: number;
      /** From the point to where it was taken hold of: it does not jump to the pointer. */
      readonly offset: Point;
      /** As it was before the press, for Escape. */
      readonly before: DraftHistory;
      /** Whether the draft has a step for this press already. */
      stepped: boolean;
    };

/** Shorter than this is a click with an unsteady hand, in grab distances. */
const STILL = 0.15;
/** Before the fourth point a click upon a point is another point: it may slip further. */
const STILL_ON_POINT = 0.4;
/** A line along the border is longer than a click that slips. */
const STILL_ON_EDGE = 0.75;

export class Pointing {
  #hold: Hold | null = null;
  #pressedAt: Point = [0, 0];
  #still = 0;
  #moved = false;
  #lastStrokeEnd: Point | null = null;
  /** The last press was upon a point and added another. */
  #addedOnPoint = false;
  /** Steps of the draft before the last two presses: for the double click. */
  #beforePresses: readonly [DraftHistory | null, DraftHistory | null] = [null, null];

  constructor(private readonly ports: PointingPorts) {}

  get holding(): boolean {
    return this.#hold !== null;
  }

  press(point: Point, options: PressOptions): boolean {
    const { store, redrawing, effort } = this.ports;
    const { image, tool, steps } = store.desk;
    if (!image || store.desk.opening) return false;
    if (this.#hold) this.letGo();
    effort.input();
    this.#beforePresses = [this.#beforePresses[1], steps];
    this.#pressedAt = point;
    this.#still = options.grabPx * STILL;
    this.#moved = false;
    this.#addedOnPoint = false;
    if (tool === "brush" || tool === "eraser") return this.#pressBrush(point, options);
    if (tool === "polygon") return this.#pressPolygon(point, options);
    const index = this.pointAt(point, options.grabPx);
    if (index !== null) return this.#pressPoint(index, point, options);
    if (tool === "points") {
      if (!redrawing.possible(this.#atWork())) return this.#addPoint(point);
      this.#still = options.grabPx * STILL_ON_EDGE;
      this.#hold = { kind: "edge" };
      return true;
    }
    return this.#pressSelect(point, options);
  }

  drag(point: Point): void {
    const { store, reshaping, redrawing } = this.ports;
    const hold = this.#hold;
    if (!hold) return;
    const [dx, dy] = [point[0] - this.#pressedAt[0], point[1] - this.#pressedAt[1]];
    if (!this.#moved && hold.kind !== "stroke" && Math.hypot(dx, dy) < this.#still) return;
    this.#moved = true;
    if (hold.kind === "point") this.#movePoint(hold, point);
    else if (hold.kind === "vertex") reshaping.drag(point);
    else if (hold.kind === "edge") redrawing.drag(this.#pressedAt, point);
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
    const { store, correcting, reshaping } = this.ports;
    if (hold.kind === "vertex") reshaping.release();
    else if (hold.kind === "point") this.#releasePoint(hold);
    else if (hold.kind === "edge") this.#releaseEdge();
    else {
      const { stroke } = store.desk;
      this.#lastStrokeEnd = point;
      store.together(() => {
        store.set({ stroke: null });
        if (stroke) correcting.correct({ kind: "stroke", ...stroke });
      });
    }
  }

  /** Escape in the middle of a drag: as if it had not been. */
  letGo(): void {
    const { store, drafting, reshaping } = this.ports;
    const hold = this.#hold;
    this.#hold = null;
    if (hold?.kind === "point") drafting.restoreSteps(hold.before);
    if (hold?.kind === "vertex") reshaping.letGo();
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

  /** Of the draft, or of the object being edited. */
  pointAt(point: Point, reachPx: number): number | null {
    const points = this.#atWork()?.points ?? [];
    let best: number | null = null;
    let least = reachPx;
    points.forEach(([x, y], i) => {
      const away = Math.hypot(x - point[0], y - point[1]);
      if (away > least) return;
      least = away;
      best = i;
    });
    return best;
  }

  /** What a press would take hold of. */
  grabbedAt(point: Point, grabPx: number): "point" | "vertex" | "edge" | "object" | null {
    const { tool, polygon } = this.ports.store.desk;
    if (tool === "brush" || tool === "eraser") return null;
    if (tool === "polygon" && polygon) {
      if (vertexAt(polygon, point, grabPx)) return "vertex";
      if (edgeAt(polygon, point, grabPx)) return "edge";
    }
    if (tool !== "polygon" && this.pointAt(point, grabPx) !== null) return "point";
    if (tool === "points") return null;
    return this.ports.selecting.objectAt(point) === null ? null : "object";
  }

  removePoint(index?: number): void {
    const content = this.#atWork();
    if (!content?.points.length) return;
    const points = content.points.toSpliced(index ?? -1, 1);
    const gone = !points.length && !content.corrections.length && content.objectId === null;
    this.ports.drafting.step(gone ? null : { ...content, points }, "Remove point");
  }

  #atWork(): DraftContent | null {
    const { drafting, store } = this.ports;
    const { objects, editing } = store.desk;
    if (drafting.content) return drafting.content;
    const object = objects.find(({ id }) => id === editing);
    return object && !object.locked ? draftOf(object) : null;
  }

  #releaseEdge(): void {
    if (!this.ports.redrawing.release() && this.#addPoint(this.#pressedAt)) this.#hold = null;
  }

  #addPoint(point: Point): boolean {
    const { store, drafting } = this.ports;
    const { classId, steps } = store.desk;
    if (drafting.takesAhead(point)) return false;
    const content = this.#atWork() ?? (classId === null ? null : newDraft(classId));
    if (!content) {
      store.tell("Add a class first.");
      return false;
    }
    store.together(() => {
      drafting.step({ ...content, points: [...content.points, point] }, "Point");
      if (content.objectId === null) store.set({ selected: [], editing: null });
    });
    const index = content.points.length;
    this.#hold = { kind: "point", index, offset: [0, 0], before: steps, stepped: true };
    return true;
  }

  #pressPoint(index: number, point: Point, { alt, grabPx }: PressOptions): boolean {
    if (alt) {
      this.removePoint(index);
      return true;
    }
    const at = this.#atWork()?.points[index] ?? point;
    const offset: Point = [at[0] - point[0], at[1] - point[1]];
    const before = this.ports.store.desk.steps;
    if (this.#wantsMore()) this.#still = grabPx * STILL_ON_POINT;
    this.#hold = { kind: "point", index, offset, before, stepped: false };
    return true;
  }

  /** Two extreme points may lie in one corner: a click upon a point is the next one. */
  #releasePoint({ stepped }: Hold & { kind: "point" }): void {
    this.#addedOnPoint = !stepped && this.#wantsMore() && this.#addPoint(this.#pressedAt);
    this.#hold = null;
    this.ports.drafting.keep();
  }

  #wantsMore(): boolean {
    const { tool } = this.ports.store.desk;
    return tool === "points" && (this.#atWork()?.points.length ?? 0) < LEAST_POINTS;
  }

  #movePoint(hold: Hold & { kind: "point" }, to: Point): void {
    const { drafting } = this.ports;
    const content = this.#atWork();
    if (!content || hold.index >= content.points.length) return;
    const at: Point = [to[0] + hold.offset[0], to[1] + hold.offset[1]];
    const moved = { ...content, points: content.points.with(hold.index, at) };
    if (hold.stepped) return drafting.replace(moved);
    hold.stepped = true;
    drafting.step(moved, "Move point");
  }

  #pressBrush(point: Point, { shift }: PressOptions): boolean {
    const { store } = this.ports;
    const { tool, brushRadiusPx: radiusPx } = store.desk;
    const from = shift && this.#lastStrokeEnd ? [this.#lastStrokeEnd] : [];
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
    const { selecting } = this.ports;
    const hit = selecting.objectAt(point);
    if (hit === null) {
      if (!shift) selecting.select([]);
    } else if (shift) selecting.toggle(hit);
    else selecting.select([hit]);
    return false;
  }
}
