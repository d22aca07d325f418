/** The state and who wants to know of its changes. */

import type { SessionState } from "./state";

export type Listener = (state: SessionState, before: SessionState) => void;

export class Store {
  #state: SessionState;
  #listeners = new Set<Listener>();

  constructor(
    state: SessionState,
    /** Completes a changed state with what follows from it. */
    private readonly derived: (state: SessionState, before: SessionState) => SessionState,
  ) {
    this.#state = state;
  }

  get state(): SessionState {
    return this.#state;
  }

  set(change: Partial<SessionState>): void {
    const before = this.#state;
    const keys = Object.keys(change) as (keyof SessionState)[];
    if (keys.every((key) => before[key] === change[key])) return;
    this.#state = this.derived({ ...before, ...change }, before);
    for (const listener of [...this.#listeners]) listener(this.#state, before);
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
}
