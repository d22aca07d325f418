import { describe, expect, test } from "vitest";

import type { Session } from "./session";
import { SHORTCUTS, type Command } from "./shortcuts";
import { settled } from "./testing/fake-clock";
import { atWork, corners } from "./testing/session-at-work";

describe("commands", () => {
  test("every command of the table can be given at any time", async () => {
    const { session, add, click } = await atWork();
    const commands = SHORTCUTS.filter(({ scope }) => scope === "session");
    for (const { command } of commands) session.run(command as Command);
    await settled();
    await session.openImage(1);
    session.chooseTool("points");
    await add(10, 10, 30, 30);
    session.chooseTool("points");
    click(...corners(50, 50, 70, 70));
    for (const { command } of commands) {
      session.run(command as Command);
      await settled();
    }
    expect(session.state.phase).toBe("ready");
  });
  test("number keys choose classes: for what is selected, and for what comes next", async () => {
    const { session, server, add } = await atWork();
    const object = await add(10, 10, 30, 30);
    session.select([object.id]);
    session.run("class-2");
    await settled();
    expect(server.image(1).objects[0].class_id).toBe(2);
    expect(session.state.classId).toBe(2);
    session.run("class-9");
    expect(session.state.notice?.text).toBe("There is no class 9.");
  });
  test("a draft's class is one of its steps", async () => {
    const { session, click } = await atWork();
    click([10, 10]);
    session.run("class-2");
    expect(session.state.draft?.classId).toBe(2);
    session.run("undo");
    expect(session.state.draft).toMatchObject({ classId: 1, points: [[10, 10]] });
  });
  test("next and previous go round the objects", async () => {
    const { session, add } = await atWork();
    const ids = [(await add(10, 10, 30, 30)).id, (await add(50, 50, 70, 70)).id];
    const chosen = (command: Command): readonly number[] => {
      session.run(command);
      return session.state.selected;
    };
    expect(chosen("select-next")).toEqual([ids[0]]);
    expect(chosen("select-next")).toEqual([ids[1]]);
    expect(chosen("select-next")).toEqual([ids[0]]);
    expect(chosen("select-previous")).toEqual([ids[1]]);
  });
  test("brush and detail go up and down within their limits", async () => {
    const { session } = await atWork();
    for (let i = 0; i < 40; i++) session.run("brush-larger");
    expect(session.state.brushRadiusPx).toBe(500);
    for (let i = 0; i < 80; i++) session.run("brush-smaller");
    expect(session.state.brushRadiusPx).toBe(0.5);
    for (let i = 0; i < 30; i++) session.run("detail-more");
    expect(session.state.tolerancePx).toBe(0);
    for (let i = 0; i < 30; i++) session.run("detail-less");
    expect(session.state.tolerancePx).toBe(20);
  });
  test("done and next waits for the draft", async () => {
    const { session, server, click } = await atWork();
    click([10, 10]);
    session.run("done-and-next");
    await settled();
    expect(server.image(1).status).toBe("new");
    expect(session.state.image?.id).toBe(1);
  });
  test("reviewed goes on and off", async () => {
    const { session, server } = await atWork();
    session.run("toggle-reviewed");
    await settled();
    expect(server.image(1).reviewed_by).toBe("me");
    session.run("toggle-reviewed");
    await settled();
    expect(server.image(1).reviewed_by).toBeNull();
  });
  test("hide and lock go on and off for what is selected", async () => {
    const { session, server, add } = await atWork();
    session.select([(await add(10, 10, 30, 30)).id]);
    session.run("toggle-visible");
    session.run("toggle-lock");
    await settled();
    expect(server.image(1).objects[0]).toMatchObject({ visible: false, locked: true });
    session.run("toggle-visible");
    session.run("toggle-lock");
    await settled();
    expect(server.image(1).objects[0]).toMatchObject({ visible: true, locked: false });
  });
});

describe("classes", () => {
  test("are added, renamed and removed; a refusal is said", async () => {
    const { session } = await atWork();
    expect(await session.addClass("cow", "#0000ff")).toBe(true);
    const cow = session.state.project?.classes.at(-1)?.id ?? 0;
    expect(await session.changeClass(cow, { name: "calf" })).toBe(true);
    expect(session.state.project?.classes.at(-1)?.name).toBe("calf");
    session.chooseClass(cow);
    expect(await session.removeClass(cow)).toBe(true);
    expect(session.state.classId).toBe(1);
  });
});

describe("a key that comes before the hand lets go", () => {
  const stroke = (session: Session): void => {
    session.press([50, 20], { grabPx: 2 });
    session.drag([60, 20]);
  };
  test("Enter takes the stroke along, and no second object begins with it", async () => {
    const { session, server, click } = await atWork();
    click(...corners(10, 10, 30, 30));
    await settled();
    session.run("tool-brush");
    stroke(session);
    session.run("accept");
    session.drag([70, 20]);
    session.release([70, 20]);
    await settled();
    expect(session.state.draft).toBeNull();
    expect(server.image(1).objects.map(({ mask }) => mask.box)).toEqual([[10, 10, 71, 31]]);
  });
  test("the next object, tool or image gets nothing of the stroke, and it is not lost", async () => {
    for (const command of ["select-next", "tool-eraser", "next-image", "done-and-next"] as const) {
      const { session, server, add } = await atWork();
      const { id } = await add(10, 10, 30, 30);
      const other = await add(80, 80, 90, 90);
      session.select([id]);
      session.run("tool-brush");
      stroke(session);
      session.run(command);
      session.release([60, 20]);
      await settled();
      expect(server.image(1).objects.map(({ mask }) => mask.box[2])).toEqual([71, other.mask.box[2]]);
    }
  });
  test("a point that was held when Enter came is not left behind by Escape", async () => {
    const { session, server, click } = await atWork();
    click(...corners(10, 10, 30, 30));
    await settled();
    session.press([10, 10], { grabPx: 2 });
    session.drag([5, 5]);
    await settled();
    session.run("accept");
    await settled();
    session.run("cancel");
    session.release([5, 5]);
    expect(session.state.draft).toBeNull();
    expect(server.image(1).objects).toHaveLength(1);
  });
});
