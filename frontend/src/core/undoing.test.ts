import { describe, expect, test } from "vitest";

import { settled } from "./testing/fake-clock";
import { atWork, corners } from "./testing/session-at-work";

describe("one undo for everything", () => {
  test("the draft's steps come first, then what was accepted; redo goes back", async () => {
    const { session, server, click, add } = await atWork();
    await add(10, 10, 30, 30);
    click([50, 50], [70, 50]);
    const { run } = session;
    run("undo");
    expect(session.state.draft?.points).toEqual([[50, 50]]);
    run("undo");
    expect(session.state.draft).toBeNull();
    expect(session.state.history.undoLabel).toBe("Add object");
    run("undo");
    await settled();
    expect(server.image(1).objects).toHaveLength(0);
    run("redo");
    await settled();
    expect(session.state.objects).toHaveLength(1);
    run("redo");
    run("redo");
    expect(session.state.draft?.points).toEqual([[50, 50], [70, 50]]);
    expect(session.state.history.canRedo).toBe(false);
  });

  test("Escape's discarding can be undone", async () => {
    const { session, click } = await atWork();
    click(...corners(10, 10, 30, 30));
    await settled();
    session.run("cancel");
    expect(session.state.draft).toBeNull();
    session.run("undo");
    expect(session.state.draft?.mask?.box).toEqual([10, 10, 30, 30]);
  });

  test("a whole drag is one step", async () => {
    const { session, click, dragFrom } = await atWork();
    click(...corners(10, 10, 30, 30));
    await settled();
    dragFrom([30, 30], [40, 40], [50, 50]);
    await settled();
    session.run("undo");
    expect(session.state.draft?.points[2]).toEqual([30, 30]);
    expect(session.state.draft?.mask?.box).toEqual([10, 10, 30, 30]);
  });

  test("deleting an object is undone like anything else", async () => {
    const { session, add } = await atWork();
    const object = await add(10, 10, 30, 30);
    session.select([object.id]);
    session.run("remove");
    await settled();
    expect(session.state.objects).toHaveLength(0);
    session.run("undo");
    await settled();
    expect(session.state.objects.map(({ id }) => id)).toEqual([object.id]);
  });

  test("status and review are steps like others", async () => {
    const { session, add } = await atWork();
    await add(10, 10, 30, 30);
    await session.setReviewed(true);
    await session.setStatus("done");
    for (const label of ["Mark as done", "Mark as reviewed", "Add object"]) {
      expect(session.state.history.undoLabel).toBe(label);
      session.run("undo");
      await settled();
    }
    expect(session.state.image).toMatchObject({ status: "new", reviewed_by: null, objects: [] });
  });

  test("a change of the classes is undone while it is the last thing done", async () => {
    const { session, server, add } = await atWork();
    await add(10, 10, 30, 30);
    await session.changeClass(1, { name: "lynx" });
    await session.removeClass(2);
    expect(session.state.history.undoLabel).toBe("Remove class");
    for (const names of [["lynx", "dog"], ["cat", "dog"]]) {
      session.run("undo");
      await settled();
      expect(server.classes.map(({ name }) => name)).toEqual(names);
    }
    expect(session.state.objects).toHaveLength(1);
    expect(session.state.history).toMatchObject({ undoLabel: "Add object", redoLabel: "Change class" });
    session.run("redo");
    await settled();
    expect(session.state.project?.classes.map(({ name }) => name)).toEqual(["lynx", "dog"]);
    await add(50, 50, 70, 70);
    session.run("undo");
    await settled();
    expect(session.state.objects).toHaveLength(1);
    expect(session.state.project?.classes[0]?.name).toBe("lynx");
  });

  test("a draft's steps are still there after a reload", async () => {
    const first = await atWork();
    first.click(...corners(10, 10, 30, 30), [60, 20]);
    await settled();
    const { session } = await atWork({ server: first.server, storage: first.storage });
    session.run("undo");
    await settled();
    expect(session.state.draft?.points).toHaveLength(4);
    expect(session.state.draft?.mask?.box).toEqual([10, 10, 30, 30]);
    for (let left = 3; left > 0; left--) {
      session.run("undo");
      expect(session.state.draft?.points).toHaveLength(left);
    }
    session.run("undo");
    expect(session.state.draft).toBeNull();
    expect(session.state.history.canUndo).toBe(false);
  });

  test("undo works after a reload", async () => {
    const first = await atWork();
    await first.add(10, 10, 30, 30);
    const { session } = await atWork({ server: first.server, storage: first.storage });
    expect(session.state.history).toMatchObject({ canUndo: true, undoLabel: "Add object" });
    session.run("undo");
    await settled();
    expect(session.state.objects).toHaveLength(0);
  });

  test("what was done after a draft was discarded is undone before the draft comes back", async () => {
    const { session, server, add, click } = await atWork();
    const object = await add(10, 10, 30, 30);
    click([50, 50]);
    session.run("cancel");
    session.select([object.id]);
    session.run("grow");
    session.run("remove");
    await settled();
    expect(session.state.history.undoLabel).toBe("Delete object");
    session.run("undo");
    await settled();
    expect(server.image(1).objects).toHaveLength(1);
    expect(session.state.draft).toBeNull();
    session.run("undo");
    await settled();
    expect(server.image(1).objects[0].mask).toEqual(object.mask);
    expect(session.state.history).toMatchObject({ undoLabel: "Discard", canRedo: true });
    session.run("undo");
    expect(session.state.draft?.points).toEqual([[50, 50]]);
    session.run("redo");
    expect(session.state.draft).toBeNull();
    session.run("redo");
    session.run("redo");
    await settled();
    expect(server.image(1).objects).toEqual([]);
    expect(session.state.history).toMatchObject({ undoLabel: "Delete object", canRedo: false });
    click([70, 70]);
    session.run("undo");
    expect(session.state.draft).toBeNull();
    session.run("undo");
    await settled();
    expect(server.image(1).objects).toHaveLength(1);
  });
});
