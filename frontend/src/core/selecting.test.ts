import { describe, expect, test } from "vitest";

import { settled } from "./testing/fake-clock";
import { atWork } from "./testing/session-at-work";
import type { Point } from "./types";

describe("choosing objects", () => {
  test("the select tool takes the topmost; Shift adds; nothing lets go", async () => {
    const { session, add } = await atWork();
    const low = await add(10, 10, 50, 50);
    const high = await add(30, 30, 70, 70);
    session.chooseTool("select");
    const press = (at: Point, shift = false): boolean => session.press(at, { grabPx: 2, shift });
    expect(press([40, 40])).toBe(false);
    expect(session.state.selected).toEqual([high.id]);
    press([15, 15], true);
    expect(session.state.selected).toEqual([high.id, low.id]);
    press([15, 15], true);
    expect(session.state.selected).toEqual([high.id]);
    press([150, 90]);
    expect(session.state.selected).toEqual([]);
  });
  test("half of a pinch chooses nothing and lets nothing go, with outlines too", async () => {
    const { session, add } = await atWork();
    const { id } = await add(10, 10, 40, 40);
    const other = await add(60, 60, 90, 90);
    for (const tool of ["select", "polygon"] as const) {
      session.chooseTool(tool);
      session.select([id]);
      for (const place of [[150, 5], [75, 75]] as const) {
        session.press(place, { grabPx: 2 });
        session.letGo();
        expect(session.state.selected).toEqual([id]);
      }
    }
    expect(session.state.polygon).not.toBeNull();
    session.press([75, 75], { grabPx: 2 });
    expect(session.state.selected).toEqual([other.id]);
  });
  test("a hidden object is not there for the pointer", async () => {
    const { session, add } = await atWork();
    const object = await add(10, 10, 50, 50);
    session.changeObjects([object.id], { visible: false });
    expect(session.objectAt([20, 20])).toBeNull();
    session.changeObjects([object.id], { visible: true });
    expect(session.objectAt([20, 20])).toBe(object.id);
  });
  test("a double click chooses an object for editing, without a point left over", async () => {
    const { session, add, click } = await atWork();
    const object = await add(10, 10, 50, 50);
    click([30, 30], [30, 30]);
    session.doubleClick([30, 30], { grabPx: 2 });
    expect(session.state).toMatchObject({ draft: null, editing: object.id, selected: [object.id] });
  });
  test("a double click in the middle of a draft is only clicks", async () => {
    const { session, add, click } = await atWork();
    await add(10, 10, 50, 50);
    click([100, 10], [30, 30], [30, 30]);
    session.doubleClick([30, 30], { grabPx: 2 });
    expect(session.state.editing).toBeNull();
    expect(session.state.draft?.points).toHaveLength(2);
  });
  test("an edited object's points move, its mask follows, Enter saves it in place", async () => {
    const { session, server, add, dragFrom } = await atWork();
    const object = await add(10, 10, 50, 50);
    session.edit(object.id);
    dragFrom([50, 50], [70, 60]);
    await settled();
    expect(session.state.draft).toMatchObject({ objectId: object.id });
    expect(session.objectAt([20, 20])).toBeNull();
    session.run("accept");
    await settled();
    expect(server.image(1).objects).toHaveLength(1);
    expect(server.image(1).objects[0]).toMatchObject({ id: object.id });
    expect(server.image(1).objects[0].mask.box).toEqual([10, 10, 70, 60]);
  });
  test("a selected object that is not edited does not take the next object's clicks", async () => {
    const { session, add, click } = await atWork();
    const object = await add(10, 10, 50, 50);
    session.select([object.id]);
    click([100, 20]);
    expect(session.state.draft).toMatchObject({ objectId: null, points: [[100, 20]] });
    expect(session.state.selected).toEqual([]);
  });
});
