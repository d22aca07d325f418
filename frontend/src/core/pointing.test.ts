import { describe, expect, test } from "vitest";

import { settled } from "./testing/fake-clock";
import { atWork, corners } from "./testing/session-at-work";
import type { Point } from "./types";

describe("points", () => {
  test("a press near a point takes hold of it without a jump", async () => {
    const { session, click } = await atWork();
    click([10, 10]);
    expect(session.grabbedAt([11, 11], 2)).toBe("point");
    expect(session.press([11, 11], { grabPx: 2 })).toBe(true);
    session.drag([21, 31]);
    session.release([21, 31]);
    expect(session.state.draft?.points).toEqual([[20, 30]]);
  });
  test("a hand that trembles does not move a point", async () => {
    const { session, click } = await atWork();
    click(...corners(10, 10, 30, 30));
    session.press([10, 10], { grabPx: 4 });
    session.drag([10.3, 10.3]);
    session.release([10.3, 10.3]);
    expect(session.state.draft?.points).toEqual(corners(10, 10, 30, 30));
  });
  test("two extreme points may be one: a click upon a point is another, a drag moves it", async () => {
    const { session, click } = await atWork();
    click([10, 30], [10.5, 30.5], [20, 10]);
    expect(session.state.draft?.points).toEqual([[10, 30], [10.5, 30.5], [20, 10]]);
    click([30, 20]);
    await settled();
    expect(session.state.draft?.mask?.box).toEqual([10, 10, 30, 31]);
    click([30, 20]);
    expect(session.state.draft?.points).toHaveLength(4);
    session.run("undo");
    expect(session.state.draft?.points).toHaveLength(3);
  });
  test("a double click upon a point is one click", async () => {
    const { session, click } = await atWork();
    click([10, 30], [20, 10], [20, 10]);
    session.doubleClick([20, 10], { grabPx: 2 });
    expect(session.state.draft?.points).toEqual([[10, 30], [20, 10]]);
  });
  test("with points taken back there is no mask to accept", async () => {
    const { session, server, click, add } = await atWork();
    click(...corners(10, 10, 30, 30));
    await settled();
    session.run("remove-point");
    expect(session.state.draft).toMatchObject({ mask: null, confidence: null });
    session.run("accept");
    await settled();
    expect(server.image(1).objects).toHaveLength(0);
    expect(session.state.notice?.text).toContain("4 points are needed; there are 3");
    session.run("undo");
    expect(session.state.draft?.mask?.box).toEqual([10, 10, 30, 30]);
    session.run("cancel");
    expect(await add(10, 10, 30, 30)).toBeTruthy();
  });
  test("a new point can be dragged into place, in one step", async () => {
    const { session } = await atWork();
    session.press([10, 10], { grabPx: 2 });
    session.drag([15, 15]);
    session.release([15, 15]);
    expect(session.state.draft?.points).toEqual([[15, 15]]);
    session.run("undo");
    expect(session.state.draft).toBeNull();
  });
  test("Alt and a click take a point away, Backspace the last one", async () => {
    const { session, click } = await atWork();
    click([10, 10], [30, 30], [50, 50]);
    session.press([30, 30], { grabPx: 2, alt: true });
    session.release([30, 30]);
    expect(session.state.draft?.points).toEqual([[10, 10], [50, 50]]);
    session.run("remove-point");
    session.run("remove-point");
    expect(session.state.draft).toBeNull();
  });
  test("Escape in the middle of a drag puts the point back", async () => {
    const { session, click } = await atWork();
    click([10, 10]);
    session.press([10, 10], { grabPx: 2 });
    session.drag([50, 50]);
    session.run("cancel");
    session.release([50, 50]);
    expect(session.state.draft?.points).toEqual([[10, 10]]);
  });
  test("a finger that turns out to be half of a pinch leaves no point and no step", async () => {
    const { session, click } = await atWork();
    session.press([10, 10], { grabPx: 2 });
    session.letGo();
    session.release([10, 10]);
    expect(session.state.draft).toBeNull();
    click([30, 30]);
    session.press([50, 50], { grabPx: 2 });
    session.letGo();
    expect(session.state.draft?.points).toEqual([[30, 30]]);
    session.run("undo");
    expect(session.state.draft).toBeNull();
  });
  test("more clicks on the boundary refine the mask", async () => {
    const { session, click } = await atWork();
    click(...corners(10, 10, 30, 30), [60, 20]);
    await settled();
    expect(session.state.draft?.points).toHaveLength(5);
    expect(session.state.draft?.mask?.box).toEqual([10, 10, 60, 30]);
  });
});

describe("a drag along the border", () => {
  test("redraws the edge there, in one step, and adds no point", async () => {
    const { session, click, dragFrom } = await atWork();
    click(...corners(10, 10, 30, 30));
    await settled();
    dragFrom([29, 12], [45, 12], [45, 25], [29, 25]);
    expect(session.state.draft).toMatchObject({ points: { length: 4 } });
    expect(session.state.draft?.mask?.box).toEqual([10, 10, 46, 30]);
    expect(session.state.history.undoLabel).toBe("Redraw edge");
    session.run("undo");
    expect(session.state.draft?.mask?.box).toEqual([10, 10, 30, 30]);
  });
  test("is seen as a line until the hand lets go; Escape forgets it", async () => {
    const { session, click } = await atWork();
    click(...corners(10, 10, 30, 30));
    await settled();
    session.press([29, 12], { grabPx: 2 });
    expect(session.state.edge).toBeNull();
    session.drag([45, 12]);
    expect(session.state.edge).toEqual([[29, 12], [45, 12]]);
    session.run("cancel");
    session.release([45, 12]);
    expect(session.state.edge).toBeNull();
    expect(session.state.draft?.mask?.box).toEqual([10, 10, 30, 30]);
  });
  test("no longer than a click that slips, it is a click", async () => {
    const { session, dragFrom, click } = await atWork();
    click(...corners(10, 10, 30, 30));
    await settled();
    dragFrom([60, 20], [61, 20.5]);
    await settled();
    expect(session.state.draft?.points.at(-1)).toEqual([60, 20]);
    expect(session.state.draft?.mask?.box).toEqual([10, 10, 60, 30]);
  });
  test("is done again on what the next click makes of the object", async () => {
    const { session, click, dragFrom } = await atWork();
    click(...corners(10, 10, 30, 30));
    await settled();
    dragFrom([12, 29], [12, 45], [25, 45], [25, 29]);
    click([60, 20]);
    await settled();
    expect(session.state.draft?.mask?.box).toEqual([10, 10, 60, 46]);
  });
  test("before there is a mask, a press places a point as ever", async () => {
    const { session, dragFrom } = await atWork();
    dragFrom([10, 10], [20, 20]);
    expect(session.state.draft?.points).toEqual([[20, 20]]);
  });
  test("corrects a saved object that is being edited, at once", async () => {
    const { session, server, add, dragFrom } = await atWork();
    const object = await add(10, 10, 50, 50);
    session.edit(object.id);
    dragFrom([49, 20], [70, 20], [70, 40], [49, 40]);
    await settled();
    expect(server.image(1)).toMatchObject({ undo_label: "Redraw edge" });
    expect(server.image(1).objects[0].mask.box).toEqual([10, 10, 71, 50]);
  });
});

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
