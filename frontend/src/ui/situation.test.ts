import { describe, expect, it } from "vitest";

import { settled } from "../core/testing/fake-clock";
import { atWork } from "../core/testing/session-at-work";
import { situationOf } from "./situation";

describe("what a person had at hand", () => {
  it("is the same when the server has answered", async () => {
    const { session, add } = await atWork();
    const object = await add(10, 10, 30, 30);
    session.select([object.id]);
    const before = situationOf(session.state);
    session.run("grow");
    await settled();
    expect(situationOf(session.state)).toBe(before);
  });

  it("is another with another tool, selection, lock, point or image", async () => {
    const { session, add, click } = await atWork();
    const object = await add(10, 10, 30, 30);
    let before = situationOf(session.state);
    const steps = [
      () => session.chooseTool("select"),
      () => session.select([object.id]),
      () => session.changeObjects([object.id], { locked: true }),
      () => session.select([]),
      () => session.chooseTool("points"),
      () => click([50, 50]),
      () => click([60, 50]),
      () => void session.openImage(2),
    ];
    for (const step of steps) {
      step();
      await settled();
      const now = situationOf(session.state);
      expect(now).not.toBe(before);
      before = now;
    }
  });
});
