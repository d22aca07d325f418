import { describe, expect, test } from "vitest";

import { NO_EFFORT, active, secondsOf, startedAfter, withInput } from "./effort";

describe("effort", () => {
  test("time runs from one sign of activity to the next", () => {
    const effort = active(withInput(withInput(NO_EFFORT, 1000), 3000), 4500);
    expect(secondsOf(effort)).toBe(3.5);
    expect(effort.inputs).toBe(2);
  });
  test("a pause of more than 30 s is no work; one of 30 s is", () => {
    expect(secondsOf(withInput(withInput(NO_EFFORT, 0), 30_000))).toBe(30);
    expect(secondsOf(withInput(withInput(NO_EFFORT, 0), 30_001))).toBe(0);
  });
  test("the next object's time begins where this one's ended", () => {
    const next = startedAfter(withInput(NO_EFFORT, 5000));
    expect(secondsOf(withInput(next, 7000))).toBe(2);
    expect(withInput(next, 7000).inputs).toBe(1);
  });
});
