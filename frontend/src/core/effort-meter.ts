/** The effort of what is being worked on, until an action takes it along. */

import type { Clock } from "./clock";
import { NO_EFFORT, active, secondsOf, startedAfter, withInput, type Effort } from "./effort";

export class EffortMeter {
  #effort: Effort = NO_EFFORT;

  constructor(private readonly clock: Clock) {}

  get effort(): Effort {
    return this.#effort;
  }

  /** A click, a stroke or a key that did something. */
  input(): void {
    this.#effort = withInput(this.#effort, this.clock.now());
  }

  /** Looking around, panning, zooming. */
  activity(): void {
    this.#effort = active(this.#effort, this.clock.now());
  }

  /** Another image begins, with the time and inputs that its draft had already. */
  begin(spent: Pick<Effort, "activeMs" | "inputs"> = NO_EFFORT): void {
    this.#effort = { activeMs: spent.activeMs, inputs: spent.inputs, lastMs: this.clock.now() };
  }

  take(): { seconds: number; inputs: number } {
    const taken = { seconds: secondsOf(this.#effort), inputs: this.#effort.inputs };
    this.#effort = startedAfter(this.#effort);
    return taken;
  }
}
