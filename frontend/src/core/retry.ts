/** Sending again what the network lost. */

import type { Clock } from "./clock";
import { UnreachableError, sentenceOf } from "./errors";

export const FIRST_DELAY_MS = 500;
export const LONGEST_DELAY_MS = 15_000;

export interface RetryOptions {
  readonly clock: Clock;
  /** Told before each wait. */
  readonly failed: (problem: string, attempts: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Tries until there is an answer of any kind, waiting twice as long each time. What is sent must
 * be harmless to send twice: the answer may have been lost, not the request.
 *
 * @throws whatever the attempt throws other than UnreachableError.
 */
export async function untilAnswered<T>(
  attempt: (attempts: number) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt(attempts);
    } catch (error) {
      if (!(error instanceof UnreachableError) || options.signal?.aborted) throw error;
      options.failed(sentenceOf(error), attempts);
      const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempts - 1));
      await pause(delay, options);
      if (options.signal?.aborted) throw error;
    }
  }
}

function pause(delayMs: number, { clock, signal }: RetryOptions): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(delayMs, () => {
      signal?.removeEventListener("abort", stop);
      resolve();
    });
    const stop = (): void => {
      cancel();
      resolve();
    };
    signal?.addEventListener("abort", stop, { once: true });
  });
}
