/** The state and who wants to know of its changes. */

import { startingDesk, type Desk } from "./desk";
import { derived } from "./derived";

export type Listener = (state: Desk, before: Desk) => void;

export class Store {
  #desk: Desk = startingDesk();
  #listeners = new Set<Listener>();
  /** What the listeners last saw, while changes are being gathered. */
  #gathering: Desk | null = null;

  get desk(): Desk {
    return this.#desk;
  }

  set(change: Partial<Desk>): void {
    const before = this.#desk;
    const keys = Object.keys(change) as (keyof Desk)[];
    if (keys.every((key) => before[key] === change[key])) return;
    this.#desk = derived({ ...before, ...change }, before);
    if (!this.#gathering) this.#announce(before);
  }

  /** Everything set meanwhile is one change to the listeners. */
  together<T>(changes: () => T): T {
    if (this.#gathering) return changes();
    const before = this.#desk;
    this.#gathering = before;
    try {
      return changes();
    } finally {
      this.#gathering = null;
      if (this.#desk !== before) this.#announce(before);
    }
  }

  tell(text: string): void {
    this.set({ notice: { kind: "info", text } });
  }

  warn(text: string): void {
    this.set({ notice: { kind: "problem", text } });
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #announce(before: Desk): void {
    for (const listener of [...this.#listeners]) listener(this.#desk, before);
  }
}
