/**
 * One undo and redo for everything: a change of the classes that was the last thing done, the
 * draft's steps, then what the server remembers.
 */

import type { Classing } from "./classing";
import type { Drafting } from "./drafting";
import type { Saver } from "./saver";
import type { Store } from "./store";

export interface UndoingPorts {
  readonly store: Store;
  readonly drafting: Drafting;
  readonly saver: Saver;
  readonly classing: Classing;
}

export class Undoing {
  constructor(private readonly ports: UndoingPorts) {}

  undo(): void {
    const { store, drafting, saver, classing } = this.ports;
    const { steps, image, history, undoneBelow, doneAbove, undoneAbove } = store.desk;
    if (drafting.takesBackAhead() || classing.undo()) return;
    if (steps.past.length && !doneAbove) drafting.undo();
    else if (!image || !history.canUndo) store.tell("There is nothing to undo.");
    else {
      saver.undo(image.id);
      if (doneAbove) store.set({ doneAbove: doneAbove - 1, undoneAbove: undoneAbove + 1 });
      // The draft's undone steps came later than this, so they are redone later.
      else if (steps.future.length) store.set({ undoneBelow: undoneBelow + 1 });
    }
  }

  redo(): void {
    const { store, drafting, saver, classing } = this.ports;
    const { steps, image, history, undoneBelow, doneAbove, undoneAbove } = store.desk;
    if (classing.redo()) return;
    if (steps.future.length && (steps.past.length || !undoneBelow)) drafting.redo();
    else if (image && undoneAbove) {
      saver.redo(image.id);
      store.set({ doneAbove: doneAbove + 1, undoneAbove: undoneAbove - 1 });
    } else if (!image || !history.canRedo || steps.past.length) {
      store.tell("There is nothing to redo.");
    } else {
      saver.redo(image.id);
      store.set({ undoneBelow: Math.max(0, undoneBelow - 1) });
    }
  }
}
