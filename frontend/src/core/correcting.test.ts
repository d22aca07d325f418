import { describe, expect, test } from "vitest";

import { settled } from "./testing/fake-clock";
import { atWork, corners } from "./testing/session-at-work";

describe("corrections of saved objects", () => {
  test("each is saved at once under its own name", async () => {
    const { session, server, add } = await atWork();
    const object = await add(10, 10, 30, 30);
    session.select([object.id]);
    session.run("grow");
    await settled();
    expect(server.image(1)).toMatchObject({ undo_label: "Grow" });
    expect(server.image(1).objects[0]).toMatchObject({ confidence: null, id: object.id });
    session.run("undo");
    await settled();
    expect(server.image(1).objects[0].mask).toEqual(object.mask);
  });
  test("a stroke goes to the one selected object", async () => {
    const { session, server, add, dragFrom } = await atWork();
    const object = await add(10, 10, 30, 30);
    session.select([object.id]);
    session.chooseTool("eraser");
    session.setBrushRadius(2);
    dragFrom([20, 0], [20, 15], [20, 50]);
    await settled();
    const parts = server.image(1).objects[0];
    expect(parts.mask.runs.slice(0, 3)).toEqual([0, 8, 5]);
    session.run("split");
    await settled();
    expect(server.image(1).objects.map(({ mask }) => mask.box)).toEqual([
      [10, 10, 18, 30],
      [23, 10, 30, 30],
    ]);
  });
  test("erased to the last pixel, the object is deleted", async () => {
    const { session, server, add, click } = await atWork();
    const object = await add(10, 10, 14, 14);
    session.select([object.id]);
    session.chooseTool("eraser");
    session.setBrushRadius(20);
    click([12, 12]);
    await settled();
    expect(server.image(1).objects).toEqual([]);
  });
  test("what changes nothing is no action", async () => {
    const { session, server, add } = await atWork();
    const object = await add(10, 10, 30, 30);
    session.select([object.id]);
    session.run("fill-holes");
    session.run("keep-largest");
    await settled();
    expect(server.callsOf("apply")).toHaveLength(1);
  });
  test("several selected objects grow in one action", async () => {
    const { session, server, add } = await atWork();
    const ids = [(await add(10, 10, 30, 30)).id, (await add(50, 50, 70, 70)).id];
    session.select(ids);
    session.run("grow");
    await settled();
    expect(server.image(1).objects.map(({ mask }) => mask.box[0])).toEqual([9, 49]);
    session.run("undo");
    await settled();
    expect(server.image(1).objects.map(({ mask }) => mask.box[0])).toEqual([10, 50]);
  });
  test("merging joins masks and keeps the lowest object", async () => {
    const { session, server, add } = await atWork();
    const first = await add(10, 10, 30, 30);
    const second = await add(20, 20, 50, 40);
    session.select([second.id, first.id]);
    session.run("merge");
    await settled();
    expect(server.image(1).objects.map(({ id }) => id)).toEqual([first.id]);
    expect(server.image(1).objects[0].mask.box).toEqual([10, 10, 50, 40]);
    expect(session.state.selected).toEqual([first.id]);
  });
  test("a locked object is left alone, and it is said", async () => {
    const { session, server, add } = await atWork();
    const object = await add(10, 10, 30, 30);
    session.select([object.id]);
    session.run("toggle-lock");
    await settled();
    session.run("grow");
    session.run("remove");
    session.edit(object.id);
    await settled();
    expect(server.image(1).objects[0].mask).toEqual(object.mask);
    expect(session.state.notice?.text).toContain("locked");
    expect(session.state.editing).toBeNull();
  });
  test("with nothing selected it says so", async () => {
    const { session } = await atWork();
    session.run("grow");
    expect(session.state.notice?.text).toBe("Select an object first.");
    session.run("merge");
    expect(session.state.notice?.text).toContain("two or more");
  });
});

describe("corrections of the draft", () => {
  test("they are steps of the draft and reach the server with it", async () => {
    const { session, server, click } = await atWork();
    click(...corners(10, 10, 30, 30));
    await settled();
    session.run("grow");
    session.run("grow");
    session.run("undo");
    expect(server.callsOf("apply")).toEqual([]);
    expect(session.state.draft?.mask?.box).toEqual([9, 9, 31, 31]);
    session.run("accept");
    await settled();
    expect(server.image(1).objects[0]).toMatchObject({ confidence: null, points: { length: 4 } });
  });
  test("a brush on nothing begins an object painted by hand; an eraser does not", async () => {
    const { session, server, click } = await atWork();
    session.chooseTool("eraser");
    click([50, 50]);
    expect(session.state.draft).toBeNull();
    session.chooseTool("brush");
    session.setBrushRadius(4);
    click([50, 50]);
    expect(session.state.draft?.mask?.box).toEqual([46, 46, 55, 55]);
    session.run("accept");
    await settled();
    expect(server.image(1).objects[0].points).toEqual([]);
    expect(session.state.tool).toBe("brush");
  });
  test("a stroke is seen as a path until the hand lets go", async () => {
    const { session } = await atWork();
    session.chooseTool("brush");
    session.press([10, 10], { grabPx: 2 });
    session.drag([20, 10]);
    expect(session.state.stroke).toMatchObject({ path: [[10, 10], [20, 10]], erase: false });
    expect(session.state.draft).toBeNull();
    session.run("cancel");
    expect(session.state.stroke).toBeNull();
    session.release([20, 10]);
    expect(session.state.draft).toBeNull();
  });
  test("Shift draws straight on from the last stroke", async () => {
    const { session, click } = await atWork();
    session.chooseTool("brush");
    session.setBrushRadius(1);
    click([10, 10]);
    session.press([40, 10], { grabPx: 2, shift: true });
    session.release([40, 10]);
    expect(session.state.draft?.mask?.box).toEqual([9, 9, 42, 12]);
  });
  test("a draft of two parts can be accepted as two objects", async () => {
    const { session, server, click } = await atWork();
    session.chooseTool("brush");
    session.setBrushRadius(3);
    click([20, 20], [60, 60]);
    session.run("split");
    await settled();
    expect(session.state.draft).toBeNull();
    expect(server.image(1).objects).toHaveLength(2);
  });
  test("undo after a draft was split makes it whole again, and leaves nothing twice", async () => {
    const { session, server, click, dragFrom } = await atWork();
    click(...corners(10, 10, 30, 30));
    await settled();
    session.chooseTool("eraser");
    session.setBrushRadius(2);
    dragFrom([20, 0], [20, 50]);
    const whole = session.state.draft?.mask;
    session.run("split");
    await settled();
    session.run("undo");
    await settled();
    expect(session.state.draft).toBeNull();
    expect(server.image(1).objects.map(({ mask }) => mask)).toEqual([whole]);
    session.run("undo");
    await settled();
    expect(server.image(1).objects).toEqual([]);
    session.run("redo");
    session.run("redo");
    await settled();
    expect(server.image(1).objects).toHaveLength(2);
  });
  test("a draft is not split before the mask of its points is there", async () => {
    const { session, server, click } = await atWork();
    session.chooseTool("brush");
    session.setBrushRadius(3);
    click([70, 70], [90, 90]);
    session.chooseTool("points");
    click(...corners(10, 10, 30, 30));
    session.run("split");
    expect(session.state.notice?.text).toBe("The mask is not there yet: split it when it is.");
    await settled();
    session.run("split");
    await settled();
    expect(server.image(1).objects).toHaveLength(3);
  });
  test("on another image Shift has nothing to draw on from", async () => {
    const { session, click } = await atWork();
    session.chooseTool("brush");
    session.setBrushRadius(3);
    click([10, 10]);
    await session.openImage(2);
    session.press([80, 80], { grabPx: 2, shift: true });
    session.release([80, 80]);
    expect(session.state.draft?.mask?.box).toEqual([77, 77, 84, 84]);
  });
  test("after a correction with the brush the points tool is armed again", async () => {
    const { session, click } = await atWork();
    click(...corners(10, 10, 30, 30));
    await settled();
    session.chooseTool("brush");
    click([30, 20]);
    session.run("accept");
    expect(session.state.tool).toBe("points");
  });
});
