import { describe, expect, test } from "vitest";

import { ConflictError, UnauthorizedError, UnreachableError } from "./errors";
import { settled } from "./testing/fake-clock";
import { atWork, corners } from "./testing/session-at-work";

const lost = (): UnreachableError => new UnreachableError("The server does not answer.", 0, "x");

describe("two people on one image", () => {
  test("a new object is added to the other's work, and the draft stays", async () => {
    const { session, server, click, add } = await atWork();
    await add(10, 10, 30, 30);
    server.byOther(1, (objects) => [...objects, { ...objects[0], id: 900, author: "Other" }]);
    click(...corners(50, 50, 70, 70));
    await settled();
    session.run("accept");
    click([80, 80]);
    await settled();
    expect(server.image(1).objects).toHaveLength(3);
    expect(session.state.objects).toHaveLength(3);
    expect(session.state.notice?.text).toContain("Someone else changed this image");
    expect(session.state.draft?.points).toEqual([[80, 80]]);
  });

  test("both forms of an object that two changed are kept until one is chosen", async () => {
    const { session, server, add } = await atWork();
    const object = await add(10, 10, 30, 30);
    const theirs = { ...object, class_id: 2, author: "Other" };
    server.byOther(1, () => [theirs]);
    session.select([object.id]);
    session.run("grow");
    await settled();
    expect(session.state.conflicts).toHaveLength(1);
    expect(session.state.notice).toBeNull(); // the conflict itself is shown
    expect(session.state.objects[0]).toMatchObject({ class_id: 2, mask: object.mask });
    session.resolveConflict(session.state.conflicts[0].key, "mine");
    await settled();
    expect(session.state.conflicts).toEqual([]);
    expect(server.image(1).objects[0]).toMatchObject({ id: object.id, class_id: 1 });
    expect(server.image(1).objects[0].mask.box).toEqual([9, 9, 31, 31]);
  });

  test("mine is a new object when theirs is deleted; conflicts survive a reload", async () => {
    const first = await atWork();
    const object = await first.add(10, 10, 30, 30);
    first.server.byOther(1, () => []);
    first.session.select([object.id]);
    first.session.run("grow");
    await settled();
    const { session, server } = await atWork({ server: first.server, storage: first.storage });
    expect(session.state.conflicts[0]).toMatchObject({ objectId: object.id, theirs: null });
    session.resolveConflict(session.state.conflicts[0].key, "mine");
    await settled();
    expect(server.image(1).objects).toHaveLength(1);
  });

  test("a merge or a split of what another changed is not done by halves, and said", async () => {
    const { session, server, add } = await atWork();
    const [one, two] = [await add(10, 10, 30, 30), await add(50, 50, 70, 70)];
    server.byOther(1, () => [one, { ...two, class_id: 2 }]);
    session.select([one.id, two.id]);
    session.run("merge");
    await settled();
    expect(server.image(1).objects).toEqual([one, { ...two, class_id: 2 }]);
    expect(session.state.notice?.text).toContain("Not done: Merge.");
  });

  test("a deletion of what another changed is not done, and said", async () => {
    const { session, server, add } = await atWork();
    const object = await add(10, 10, 30, 30);
    server.byOther(1, () => [{ ...object, class_id: 2 }]);
    session.removeObjects([object.id]);
    await settled();
    expect(session.state.objects).toHaveLength(1);
    expect(session.state.notice?.text).toContain("Not deleted");
  });

  test("theirs stays when it is chosen", async () => {
    const { session, server, add } = await atWork();
    const object = await add(10, 10, 30, 30);
    server.byOther(1, () => [{ ...object, class_id: 2 }]);
    session.select([object.id]);
    session.run("shrink");
    await settled();
    session.resolveConflict(session.state.conflicts[0].key, "theirs");
    await settled();
    expect(session.state.conflicts).toEqual([]);
    expect(server.image(1).objects[0].mask).toEqual(object.mask);
  });

  test("who comes back to the page sees what the other did, and goes on with the draft", async () => {
    const { session, server, click, add } = await atWork();
    await add(10, 10, 30, 30);
    server.byOther(1, (objects) => [...objects, { ...objects[0], id: 900, class_id: 7 }]);
    server.classes.push({ id: 7, name: "bird", color: "#0000ff", order: 2 });
    click([50, 50]);
    await session.catchUp();
    expect(session.state.objects.map(({ id }) => id)).toEqual([expect.any(Number), 900]);
    expect(session.state.project?.classes.map(({ name }) => name)).toEqual(["cat", "dog", "bird"]);
    expect(session.state.draft?.points).toEqual([[50, 50]]);
    expect(session.state.notice).toBeNull();
  });

  test("classes that are the same stay the same value for who comes back", async () => {
    const { session, server } = await atWork();
    const before = session.state.project;
    await session.catchUp();
    expect(session.state.project).not.toBe(before);
    expect(session.state.project?.classes).toBe(before?.classes);
    server.classes[0] = { ...server.classes[0], name: "lion" };
    await session.catchUp();
    expect(session.state.project?.classes[0].name).toBe("lion");
  });

  test("a server that is away is no news to who comes back; one that wants a login is", async () => {
    const { session, server, add } = await atWork();
    await add(10, 10, 30, 30);
    server.failNext("project", lost());
    await session.catchUp();
    expect(session.state).toMatchObject({ phase: "ready", notice: null });
    server.failNext("project", new UnauthorizedError("log in", 401, "login"));
    await session.catchUp();
    expect(session.state.phase).toBe("locked");
  });

  test("undo does not take back the other's action unseen", async () => {
    const { session, server, add } = await atWork();
    await add(10, 10, 30, 30);
    server.byOther(1, (objects) => [...objects, { ...objects[0], id: 900, author: "Other" }]);
    session.run("undo");
    await settled();
    expect(server.image(1).objects).toHaveLength(2);
    expect(session.state.notice?.text).toContain("undo again");
    session.run("undo");
    await settled();
    expect(server.image(1).objects).toHaveLength(1);
  });

  test("an undo whose answer was lost is not done twice", async () => {
    const { session, server, clock, add } = await atWork();
    await add(10, 10, 30, 30);
    await add(50, 50, 70, 70);
    server.loseAnswer("undo", lost());
    session.run("undo");
    await clock.advance(1000);
    expect(session.state.objects).toHaveLength(1);
    expect(server.image(1).objects).toHaveLength(1);
  });

  test("marking as done is sent again on the new version", async () => {
    const { session, server, add } = await atWork();
    await add(10, 10, 30, 30);
    server.failNext("patchImage", new ConflictError("changed", 9));
    await session.setStatus("done");
    expect(server.image(1).status).toBe("done");
    expect(session.state.list.items[0].status).toBe("done");
    expect(session.state.project?.counts).toMatchObject({ done: 1, new: 2 });
  });
});

describe("a mark", () => {
  test("on a photo that was replaced meanwhile is not set: nobody has seen that one", async () => {
    const { session, server } = await atWork();
    server.replacePhoto(1);
    server.byOther(1, (objects) => objects);
    await session.setStatus("done");
    expect(server.image(1).status).not.toBe("done");
    expect(session.state.notice?.text).toContain("photo-1.jpg was replaced meanwhile");
    expect(session.state).toMatchObject({ image: { content: "hash-1-new" }, saving: { waiting: 0 } });
    await session.setStatus("done");
    expect(server.image(1).status).toBe("done");
  });

  test("whose answer was lost is nobody else's change", async () => {
    const { session, server, clock } = await atWork();
    server.loseAnswer("patchImage", lost());
    const marked = session.setStatus("done");
    await settled();
    await clock.advance(1000);
    await marked;
    expect(server.image(1).status).toBe("done");
    expect(session.state).toMatchObject({ notice: null, saving: { state: "saved" } });
    expect(server.callsOf("patchImage")).toHaveLength(2);
  });
});
