import { describe, expect, test } from "vitest";

import { settled } from "./testing/fake-clock";
import { atWork, corners } from "./testing/session-at-work";

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
