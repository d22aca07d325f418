import { describe, expect, test } from "vitest";

import { atWork } from "./testing/session-at-work";

describe("the points of an object that is being edited", () => {
  test("show whatever tool was at hand", async () => {
    const { session, add } = await atWork();
    const { id } = await add(10, 10, 30, 30);
    session.chooseTool("brush");
    session.edit(id);
    expect(session.state).toMatchObject({ tool: "points", editing: id });
  });
  test("are not moved or taken away by tools that do not show them", async () => {
    const { session, add, dragFrom } = await atWork();
    const { id } = await add(10, 10, 30, 30);
    session.edit(id);
    session.chooseTool("select");
    expect(session.grabbedAt([10, 10], 2)).toBe("object");
    dragFrom([10, 10], [40, 40]);
    session.run("remove-point");
    expect(session.state.draft).toBeNull();
    session.chooseTool("points");
    expect(session.grabbedAt([10, 10], 2)).toBe("point");
  });
});
