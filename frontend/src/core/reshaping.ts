/** Moving, adding and removing vertices of the shown outline. */

import type { Correcting } from "./correcting";
import { maskAtHand } from "./derived";
import {
  edgeAt,
  vertexAt,
  vertexInserted,
  vertexMoved,
  vertexRemoved,
  type PolygonView,
} from "./polygon";
import { patchBetween } from "./reshape";
import type { Store } from "./store";
import type { Point } from "./types";

export interface ReshapingPorts {
  readonly store: Store;
  readonly correcting: Correcting;
}

export class Reshaping {
  #before: PolygonView | null = null;
  #label = "Move vertex";

  constructor(private readonly ports: ReshapingPorts) {}

  /** True: a vertex was taken hold of, or removed. */
  press(point: Point, { grabPx, alt }: { grabPx: number; alt?: boolean }): boolean {
    const { store, correcting } = this.ports;
    const { polygon } = store.desk;
    if (!polygon) return false;
    const vertex = vertexAt(polygon, point, grabPx);
    const edge = vertex ? null : edgeAt(polygon, point, grabPx);
    if (!vertex && !edge) return false;
    // Locked: said now, before the hand has drawn anything.
    if (!store.desk.draft && !correcting.unlocked()) return false;
    if (alt) {
      if (vertex) this.#remove(polygon, vertex);
      return vertex !== null;
    }
    this.#before = polygon;
    this.#label = vertex ? "Move vertex" : "Add vertex";
    const taken = vertex
      ? { ...polygon, active: vertex }
      : edge && vertexInserted(polygon, edge, point);
    store.set({ reshaping: taken });
    return true;
  }

  drag(point: Point): void {
    const { store } = this.ports;
    const { reshaping } = store.desk;
    if (!reshaping?.active) return;
    store.set({ reshaping: vertexMoved(reshaping, reshaping.active, point) });
  }

  release(): void {
    const { reshaping } = this.ports.store.desk;
    const before = this.#before;
    this.#before = null;
    if (reshaping && before) this.#change(before, reshaping, this.#label);
  }

  letGo(): void {
    this.#before = null;
    this.ports.store.set({ reshaping: null });
  }

  /** The one last touched. */
  removeActive(): boolean {
    const { polygon } = this.ports.store.desk;
    if (!polygon?.active) return false;
    this.#remove(polygon, polygon.active);
    return true;
  }

  #remove(polygon: PolygonView, vertex: { ring: number; vertex: number }): void {
    this.#change(polygon, vertexRemoved(polygon, vertex), "Remove vertex");
  }

  #change(before: PolygonView, after: PolygonView, label: string): void {
    const { store, correcting } = this.ports;
    const { image, tolerancePx } = store.desk;
    if (!image) return;
    store.together(() => {
      store.set({ reshaping: null });
      if (before.rings === after.rings) return this.#keep(after);
      const patch = patchBetween(before, after, tolerancePx, image);
      correcting.correct({ kind: "patch", patch, label });
      this.#keep(after);
    });
  }

  /** Shown as the hand left it, with the vertex that it touched. */
  #keep(polygon: PolygonView): void {
    const { store } = this.ports;
    const mask = maskAtHand(store.desk);
    store.set({ shaped: mask && { mask, polygon, tolerancePx: store.desk.tolerancePx } });
  }
}
