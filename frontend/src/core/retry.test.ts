import { describe, expect, test } from "vitest";

import { ApiError, UnreachableError } from "./errors";
import { untilAnswered } from "./retry";
import { FakeClock } from "./testing/fake-clock";

const lost = new UnreachableError("gone", 0, "unreachable");

describe("retrying", () => {
  test("it waits twice as long each time, 15 s at most, until there is an answer", async () => {
    const clock = new FakeClock();
    const at: number[] = [];
    const told: string[] = [];
    const answer = untilAnswered(
      (attempts) => {
        at.push(clock.now());
        return attempts < 8 ? Promise.reject(lost) : Promise.resolve("yes");
      },
      { clock, failed: (problem) => told.push(problem) },
    );
    await clock.advance(120_000);
    expect(await answer).toBe("yes");
    const waits = at.slice(1).map((time, i) => time - at[i]);
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
    expect(told).toHaveLength(7);
  });
  test("a refusal is not asked twice", async () => {
    const clock = new FakeClock();
    let attempts = 0;
    const answer = untilAnswered(
      () => {
        attempts++;
        return Promise.reject(new ApiError("no", 422, "data"));
      },
      { clock, failed: () => undefined },
    );
    await expect(answer).rejects.toThrow("no");
    expect(attempts).toBe(1);
  });
  test("called off, it stops waiting", async () => {
    const clock = new FakeClock();
    const stop = new AbortController();
    const answer = untilAnswered(() => Promise.reject(lost), {
      clock,
      failed: () => undefined,
      signal: stop.signal,
    }).catch((error: unknown) => error);
    await clock.advance(100);
    stop.abort();
    expect(await answer).toBe(lost);
  });
});
