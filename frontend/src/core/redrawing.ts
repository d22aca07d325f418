/** A drag along the border with the points tool: the mask's edge follows it. */

import type { Correcting } from "./correcting";
import { maskOf, type DraftContent } from "./draft";
import type { Store } from "./store";
import type { Point } from "./types";

export interface RedrawingPorts {
  readonly store: Store;
  readonly correcting: Correcting;
}

export class Redrawing {
  constructor(private readonly ports: RedrawingPorts) {}

  /** There is an edge; while Enter waits for a mask, presses are the next object's. */
  possible(content: DraftContent | null): boolean {
    const { image, accepting } = this.ports.store.desk;
    return !accepting && !!content && !!image && !!maskOf(content, image)?.runs.length;
  }

  drag(from: Point, point: Point): void {
    const { store } = this.ports;
    store.set({ edge: [...(store.desk.edge ?? [from]), point] });
  }

  /** False: nothing was drawn. */
  release(): boolean {
    const { store, correcting } = this.ports;
    const { edge } = store.desk;
    if (!edge) return false;
    store.together(() => {
      store.set({ edge: null });
      correcting.correct({ kind: "edge", path: edge });
    });
    return true;
  }
}
