import { describe, expect, test } from "vitest";

import { UnauthorizedError, UnreachableError } from "./errors";
import { atWork } from "./testing/session-at-work";

const lost = (): UnreachableError => new UnreachableError("The server does not answer.", 0, "x");

describe("beginning", () => {
  test("without a token the page is locked until the login", async () => {
    const first = await atWork();
    first.server.failNext("project", new UnauthorizedError("log in", 401, "login"));
    const { session } = await atWork({ server: first.server });
    expect(session.state.phase).toBe("locked");
    await session.login("secret");
    expect(session.state).toMatchObject({ phase: "ready", image: { id: 1 } });
  });

  test("a server that does not answer is said", async () => {
    const first = await atWork();
    first.server.failNext("project", lost());
    const { session } = await atWork({ server: first.server });
    expect(session.state).toMatchObject({ phase: "failed" });
    expect(session.state.notice?.text).toBe("The server does not answer.");
  });

  test("listeners hear of every change, with what was before", async () => {
    const { session, click } = await atWork();
    const heard: number[][] = [];
    const stop = session.subscribe((now, before) => {
      heard.push([before.draft?.points.length ?? 0, now.draft?.points.length ?? 0]);
    });
    click([10, 10]);
    stop();
    click([20, 20]);
    expect(heard).toEqual([[0, 1]]);
  });
});
