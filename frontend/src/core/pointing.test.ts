import { describe, expect, test } from "vitest";

import { settled } from "./testing/fake-clock";
import { atWork, corners } from "./testing/session-at-work";

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
  test("half of a pinch while a mask is awaited is no click for the next object", async () => {
    const { session, server, click } = await atWork();
    server.holding = true;
    click(...corners(10, 10, 30, 30));
    session.run("accept");
    click([60, 60]);
    session.press([90, 60], { grabPx: 2 });
    session.letGo();
    session.letGo();
    expect(session.state.ahead).toEqual([[60, 60]]);
    expect(session.state.draft?.accepting).toBe(true);
  });
  test("a point that is placed while a mask is awaited follows the hand, not the photo", async () => {
    const { session, server, click } = await atWork();
    server.holding = true;
    click(...corners(10, 10, 30, 30));
    session.run("accept");
    expect(session.press([60, 60], { grabPx: 2 })).toBe(true);
    session.drag([60.1, 60.1]);
    expect(session.state.ahead).toEqual([[60, 60]]);
    session.drag([70, 62]);
    session.release([71, 62]);
    expect(session.state.ahead).toEqual([[71, 62]]);
    server.answerNext();
    await settled();
    expect(session.state.draft?.points).toEqual([[71, 62]]);
  });
  test("more clicks on the boundary refine the mask", async () => {
    const { session, click } = await atWork();
    click(...corners(10, 10, 30, 30), [60, 20]);
    await settled();
    expect(session.state.draft?.points).toHaveLength(5);
    expect(session.state.draft?.mask?.box).toEqual([10, 10, 60, 30]);
  });
});
