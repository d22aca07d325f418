/** Asking for masks: one request on its way, and the latest points waiting behind it. */

import type { Api } from "./api";
import type { Clock } from "./clock";
import { SupersededError, UnauthorizedError, UnreachableError, sentenceOf } from "./errors";
import type { Prediction } from "./draft";
import type { Point } from "./types";

export interface PredictorPorts {
  readonly api: Api;
  readonly clock: Clock;
  readonly stream: string;
  readonly predicted: (prediction: Prediction, tookMs: number) => void;
  /** `again`: it is tried again without being asked. */
  readonly failed: (problem: string, again: boolean) => void;
  readonly locked: () => void;
}

interface Wish {
  readonly imageId: number;
  readonly points: readonly Point[];
  readonly sinceMs: number;
}

const RETRY_MS = 1000;

export class Predictor {
  #underway: { wish: Wish; abort: AbortController } | null = null;
  #waiting: Wish | null = null;
  #sequence = 0;
  #stopRetry: (() => void) | null = null;

  constructor(private readonly ports: PredictorPorts) {}

  /** Takes the place of whatever waits. The answer comes with this very array of points. */
  want(imageId: number, points: readonly Point[]): void {
    if (this.#waiting?.points === points) return;
    if (!this.#waiting && this.#underway?.wish.points === points) return;
    this.#stopRetry?.();
    this.#waiting = { imageId, points, sinceMs: this.ports.clock.now() };
    if (!this.#underway) this.#next();
  }

  /** The draft is gone: no answer to anything asked so far will be told. */
  forget(): void {
    this.#waiting = null;
    this.#stopRetry?.();
    this.#underway?.abort.abort();
    this.#underway = null;
  }

  #next(): void {
    const wish = this.#waiting;
    if (!wish) return;
    this.#waiting = null;
    const underway = { wish, abort: new AbortController() };
    this.#underway = underway;
    void this.#ask(wish, underway.abort.signal).then((tell) => {
      if (this.#underway !== underway) return;
      this.#underway = null;
      tell();
      if (!this.#underway) this.#next();
    });
  }

  async #ask({ imageId, points, sinceMs }: Wish, signal: AbortSignal): Promise<() => void> {
    const { api, clock, stream } = this.ports;
    try {
      const request = { image_id: imageId, points, stream, sequence: ++this.#sequence };
      const { mask, confidence, notes } = await api.segment(request, signal);
      const prediction = { points, mask, confidence, notes };
      return () => this.ports.predicted(prediction, clock.now() - sinceMs);
    } catch (error) {
      return () => this.#problem(error, { imageId, points, sinceMs });
    }
  }

  #problem(error: unknown, wish: Wish): void {
    // Newer points wait: what happened to the older ones is of no interest.
    if (this.#waiting || error instanceof SupersededError) return;
    if (error instanceof UnauthorizedError) return this.ports.locked();
    const again = error instanceof UnreachableError;
    this.ports.failed(sentenceOf(error), again);
    if (!again) return;
    this.#stopRetry = this.ports.clock.after(RETRY_MS, () => {
      this.#waiting ??= wish;
      if (!this.#underway) this.#next();
    });
  }
}
