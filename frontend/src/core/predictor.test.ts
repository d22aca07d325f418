import { describe, expect, test } from "vitest";

import { UnreachableError } from "./errors";
import { settled } from "./testing/fake-clock";
import { atWork, corners } from "./testing/session-at-work";

const lost = (): UnreachableError => new UnreachableError("The server does not answer.", 0, "x");

describe("live prediction", () => {
  test("one request is on its way and only the latest points wait", async () => {
    const { session, server, click } = await atWork();
    server.holding = true;
    click(...corners(10, 10, 30, 30));
    session.press([30, 30], { grabPx: 3 });
    session.drag([40, 30]);
    session.drag([50, 40]);
    session.drag([60, 50]);
    expect(server.held).toHaveLength(1);
    server.answerNext();
    await settled();
    expect(server.held).toHaveLength(1);
    expect(server.held[0].request.points[2]).toEqual([60, 50]);
    expect(session.state.draft).toMatchObject({ predicting: true });
    expect(session.state.draft?.mask?.box).toEqual([10, 10, 30, 30]);
    server.answerNext();
    await settled();
    expect(session.state.draft?.mask?.box).toEqual([10, 10, 60, 50]);
    expect(session.state.draft?.predicting).toBe(false);
  });

  test("an answer to a discarded draft is not shown", async () => {
    const { session, server, click } = await atWork();
    server.holding = true;
    click(...corners(10, 10, 30, 30));
    session.run("cancel");
    server.answerNext();
    await settled();
    expect(session.state.draft).toBeNull();
    expect(server.held).toHaveLength(0);
  });

  test("a lost request is asked again by itself", async () => {
    const { session, server, clock, click } = await atWork();
    server.failNext("segment", lost());
    click(...corners(10, 10, 30, 30));
    await settled();
    expect(session.state.draft?.problem).toBe("The server does not answer.");
    await clock.advance(1000);
    expect(session.state.draft).toMatchObject({ problem: null, predicting: false });
  });

  test("a brush stroke on the draft is kept when a point moves", async () => {
    const { session, click, dragFrom } = await atWork();
    click(...corners(10, 10, 30, 30));
    await settled();
    session.chooseTool("brush");
    session.setBrushRadius(3);
    click([60, 20]);
    session.chooseTool("points");
    dragFrom([30, 30], [35, 35]);
    await settled();
    expect(session.state.draft?.mask?.box).toEqual([10, 10, 64, 35]);
  });
});
