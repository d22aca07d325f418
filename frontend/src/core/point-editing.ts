/** Extreme and further points under the hand: placed, taken hold of, moved, taken away. */

import { draftOf, LEAST_POINTS, newDraft, type DraftContent } from "./draft";
import type { DraftHistory } from "./draft-history";
import type { Drafting } from "./drafting";
import type { Store } from "./store";
import type { Point } from "./types";

export interface PointHold {
  readonly kind: "point";
  readonly index: number;
  /** From the point to where it was taken hold of: it does not jump to the pointer. */
  readonly offset: Point;
  /** As it was before the press, for Escape. */
  readonly before: DraftHistory;
  /** Whether the draft has a step for this press already. */
  stepped: boolean;
}

export interface PointEditingPorts {
  readonly store: Store;
  readonly drafting: Drafting;
}

export class PointEditing {
  constructor(private readonly ports: PointEditingPorts) {}

  /** The draft, or the object being edited: its points show with the points tool only. */
  get atWork(): DraftContent | null {
    const { drafting, store } = this.ports;
    const { objects, editing, tool } = store.desk;
    if (drafting.content) return drafting.content;
    if (tool !== "points") return null;
    const object = objects.find(({ id }) => id === editing);
    return object && !object.locked ? draftOf(object) : null;
  }

  /** The next click is a point even where it hits one: two extremes may lie in one corner. */
  get wantsMore(): boolean {
    const { tool } = this.ports.store.desk;
    return tool === "points" && (this.atWork?.points.length ?? 0) < LEAST_POINTS;
  }

  /** The nearest of the points at work. */
  at(point: Point, reachPx: number): number | null {
    const points = this.atWork?.points ?? [];
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

  /** Null when it has no place now: no class yet, or it was kept for the next object. */
  add(point: Point): PointHold | null {
    const { store, drafting } = this.ports;
    const { classId, steps } = store.desk;
    if (drafting.takesAhead(point)) return null;
    const content = this.atWork ?? (classId === null ? null : newDraft(classId));
    if (!content) {
      store.tell("Add a class first.");
      return null;
    }
    store.together(() => {
      drafting.step({ ...content, points: [...content.points, point] }, "Point");
      if (content.objectId === null) store.set({ selected: [], editing: null });
    });
    const index = content.points.length;
    return { kind: "point", index, offset: [0, 0], before: steps, stepped: true };
  }

  hold(index: number, point: Point): PointHold {
    const at = this.atWork?.points[index] ?? point;
    const offset: Point = [at[0] - point[0], at[1] - point[1]];
    const before = this.ports.store.desk.steps;
    return { kind: "point", index, offset, before, stepped: false };
  }

  move(hold: PointHold, to: Point): void {
    const { drafting } = this.ports;
    const content = this.atWork;
    if (!content || hold.index >= content.points.length) return;
    const at: Point = [to[0] + hold.offset[0], to[1] + hold.offset[1]];
    const moved = { ...content, points: content.points.with(hold.index, at) };
    if (hold.stepped) return drafting.replace(moved);
    hold.stepped = true;
    drafting.step(moved, "Move point");
  }

  /** The last one, where none is named. */
  remove(index?: number): void {
    if (index === undefined && this.ports.drafting.takesBackAhead()) return;
    const content = this.atWork;
    if (!content?.points.length) return;
    const points = content.points.toSpliced(index ?? -1, 1);
    const gone = !points.length && !content.corrections.length && content.objectId === null;
    this.ports.drafting.step(gone ? null : { ...content, points }, "Remove point");
  }
}
