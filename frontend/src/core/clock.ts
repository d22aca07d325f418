/** Time, given from outside so that it can be stood still in a test. */
export interface Clock {
  /** Milliseconds, never going back. */
  now(): number;
  /** Calls once after so many milliseconds. Returns the way to call it off. */
  after(delayMs: number, call: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (delayMs, call) => {
    const timer = setTimeout(call, delayMs);
    return () => clearTimeout(timer);
  },
};
