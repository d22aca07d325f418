import { describe, expect, test } from "vitest";

import { settled } from "./testing/fake-clock";
import { atWork } from "./testing/session-at-work";

describe("the outline", () => {
  test("a vertex is dragged and the mask follows there", async () => {
    const { session, server, add, dragFrom } = await atWork();
    const object = await add(10, 10, 50, 50);
    session.select([object.id]);
    session.chooseTool("polygon");
    expect(session.state.polygon?.vertexCount).toBe(4);
    expect(session.grabbedAt([49, 49], 2)).toBe("vertex");
    dragFrom([49.5, 49.5], [60, 55], [69.5, 59.5]);
    await settled();
    expect(server.image(1).objects[0].mask.box).toEqual([10, 10, 70, 60]);
    expect(server.image(1).undo_label).toBe("Move vertex");
    expect(session.state.polygon?.rings[0].points[2]).toEqual([69.5, 59.5]);
  });
  test("an edge gives a new vertex; Delete takes the touched one away", async () => {
    const { session, server, add, dragFrom } = await atWork();
    const object = await add(10, 10, 50, 50);
    session.select([object.id]);
    session.chooseTool("polygon");
    dragFrom([49.5, 30], [80, 30]);
    await settled();
    expect(session.state.polygon?.vertexCount).toBe(5);
    expect(server.image(1).objects[0].mask.box).toEqual([10, 10, 80, 50]);
    session.run("remove");
    await settled();
    expect(server.image(1).objects[0].mask).toEqual(object.mask);
  });
  test("a vertex that was only clicked is the touched one", async () => {
    const { session, server, add, click } = await atWork();
    const object = await add(10, 10, 50, 50);
    session.select([object.id]);
    session.chooseTool("polygon");
    click([49, 49]);
    expect(session.state.polygon?.active).toEqual({ ring: 0, vertex: 2 });
    expect(server.image(1).objects[0].mask).toEqual(object.mask);
    session.run("remove-vertex");
    await settled();
    expect(session.state.polygon?.vertexCount).toBe(3);
  });
  test("the detail slider changes what is shown and not the mask", async () => {
    const { session, server, add, click } = await atWork();
    const object = await add(10, 10, 50, 50);
    session.select([object.id]);
    session.chooseTool("brush");
    session.setBrushRadius(6);
    click([50, 30]);
    await settled();
    const saved = server.image(1).objects[0].mask;
    session.chooseTool("polygon");
    session.setDetail(0);
    const exact = session.state.polygon?.vertexCount ?? 0;
    session.setDetail(3);
    expect(session.state.polygon?.vertexCount).toBeLessThan(exact);
    expect(server.image(1).objects[0].mask).toEqual(saved);
  });
  test("Escape in the middle of a drag leaves the outline as it was", async () => {
    const { session, add } = await atWork();
    const object = await add(10, 10, 50, 50);
    session.select([object.id]);
    session.chooseTool("polygon");
    const before = session.state.polygon?.rings;
    session.press([49.5, 49.5], { grabPx: 2 });
    session.drag([90, 90]);
    session.run("cancel");
    expect(session.state.polygon?.rings).toEqual(before);
    expect(session.state.history.undoLabel).toBe("Add object");
  });
  test("a press on no edge chooses the object there", async () => {
    const { session, add } = await atWork();
    const object = await add(10, 10, 50, 50);
    session.chooseTool("polygon");
    expect(session.state.polygon).toBeNull();
    expect(session.press([30, 30], { grabPx: 2 })).toBe(false);
    expect(session.state.selected).toEqual([object.id]);
    expect(session.state.polygon?.vertexCount).toBe(4);
  });
});
