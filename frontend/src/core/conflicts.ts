/** Objects that two people changed at once: both forms are kept until one is chosen. */

import type { Keepsake } from "./keepsake";
import type { Saver } from "./saver";
import type { Conflict } from "./state";
import type { Store } from "./store";

export interface ConflictsPorts {
  readonly store: Store;
  readonly saver: () => Saver;
  readonly keepsake: () => Keepsake;
}

export class Conflicts {
  constructor(private readonly ports: ConflictsPorts) {}

  /** After a reload. */
  restore(): void {
    this.ports.store.set({ conflicts: this.ports.keepsake().conflicts() });
  }

  add(conflicts: readonly Conflict[]): void {
    const { store, keepsake } = this.ports;
    if (!conflicts.length) return;
    for (const conflict of conflicts) keepsake().keepConflict(conflict);
    store.set({ conflicts: [...store.desk.conflicts, ...conflicts] });
  }

  /** Mine over theirs, as a new object when theirs is gone; or theirs as it is. */
  resolve(key: string, keep: "mine" | "theirs"): void {
    const { store, saver, keepsake } = this.ports;
    const conflict = store.desk.conflicts.find((one) => one.key === key);
    if (!conflict) return;
    const { imageId, mine, theirs } = conflict;
    const now = saver().known(imageId)?.objects ?? (theirs ? [theirs] : []);
    const base = now.find(({ id }) => id === conflict.objectId) ?? null;
    store.together(() => {
      if (keep === "mine") {
        const changes = [{ id: base?.id ?? null, object: mine, base }];
        saver().act({ imageId, label: "Keep mine", changes, seconds: 0, inputs: 0 });
      }
      keepsake().forgetConflict(key);
      store.set({ conflicts: store.desk.conflicts.filter((one) => one.key !== key) });
    });
  }
}
