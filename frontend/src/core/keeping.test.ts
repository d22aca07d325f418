import { describe, expect, test } from "vitest";

import { ApiError, UnauthorizedError, UnreachableError } from "./errors";
import { settled } from "./testing/fake-clock";
import { atWork, corners } from "./testing/session-at-work";

const lost = (): UnreachableError => new UnreachableError("The server does not answer.", 0, "x");

describe("nothing is lost", () => {
  test("a lost answer is asked for again and nothing is done twice", async () => {
    const { session, server, clock, click } = await atWork();
    click(...corners(10, 10, 30, 30));
    await settled();
    server.loseAnswer("apply", lost());
    session.run("accept");
    await settled();
    expect(session.state.saving).toMatchObject({ state: "retrying", waiting: 1 });
    expect(session.state.objects[0].saved).toBe(false);
    await clock.advance(500);
    expect(session.state.saving.state).toBe("saved");
    expect(server.image(1).objects).toHaveLength(1);
    const sent = server.callsOf("apply") as { request_id: string }[];
    const ids = sent.map(({ request_id }) => request_id);
    expect(ids[0]).toBe(ids[1]);
  });

  test("work goes on while saving fails, and all of it arrives in order", async () => {
    const { session, server, clock, click } = await atWork();
    for (let i = 0; i < 3; i++) server.failNext("apply", lost());
    for (const x of [10, 50, 90]) {
      click(...corners(x, 10, x + 20, 30));
      await settled();
      session.run("accept");
    }
    expect(session.state.saving.waiting).toBe(3);
    await clock.advance(60_000);
    expect(server.image(1).objects.map(({ mask }) => mask.box[0])).toEqual([10, 50, 90]);
    expect(session.state.saving.state).toBe("saved");
  });

  test("an object can be corrected before the server knows it", async () => {
    const { session, server, clock, click } = await atWork();
    server.failNext("apply", lost());
    click(...corners(10, 10, 30, 30));
    await settled();
    session.run("accept");
    await settled();
    session.select([session.state.objects[0].id]);
    session.run("grow");
    await clock.advance(1000);
    expect(server.image(1).objects).toHaveLength(1);
    expect(server.image(1).objects[0].mask.box).toEqual([9, 9, 31, 31]);
    expect(session.state.selected).toEqual([server.image(1).objects[0].id]);
  });

  test("what was not saved before a reload is saved after it", async () => {
    const first = await atWork();
    first.server.loseAnswer("apply", lost());
    first.click(...corners(10, 10, 30, 30));
    await settled();
    first.session.run("accept");
    await settled();
    first.session.close();
    const { session, server } = await atWork({ server: first.server, storage: first.storage });
    expect(session.state.saving.state).toBe("saved");
    expect(server.image(1).objects).toHaveLength(1);
    expect(first.storage.keys().filter((key) => key.includes("pending"))).toEqual([]);
  });

  test("a change of an object whose creation was not yet confirmed arrives after a reload", async () => {
    const first = await atWork();
    first.click(...corners(10, 10, 30, 30));
    await settled();
    first.server.loseAnswer("apply", lost());
    first.session.run("accept");
    await settled();
    first.session.select([first.session.state.objects[0].id]);
    first.session.run("grow");
    first.session.close();
    const { session, server } = await atWork({ server: first.server, storage: first.storage });
    await settled();
    expect(session.state.notice).toBeNull();
    expect(server.image(1).objects.map(({ mask }) => mask.box)).toEqual([[9, 9, 31, 31]]);
  });

  test("a draft survives a reload with its correction, time and inputs", async () => {
    const first = await atWork();
    first.click(...corners(10, 10, 30, 30));
    await settled();
    await first.clock.advance(3000);
    first.session.chooseTool("brush");
    first.click([60, 20]);
    const mask = first.session.state.draft?.mask;
    const { session, server } = await atWork({ server: first.server, storage: first.storage });
    expect(session.state.draft?.mask).toEqual(mask);
    session.run("accept");
    await settled();
    expect(server.image(1).objects[0]).toMatchObject({ seconds: 3, inputs: 6 });
  });

  test("a draft waits on its image while another is shown", async () => {
    const { session, click } = await atWork();
    click([10, 10], [20, 20]);
    await session.openImage(2);
    expect(session.state.draft).toBeNull();
    await session.openImage(1);
    expect(session.state.draft?.points).toHaveLength(2);
  });

  test("a draft is not taken from another page that shows the same image", async () => {
    const first = await atWork();
    const { server, storage } = first;
    const second = await atWork({ server, storage });
    first.click([10, 10], [20, 20]);
    await second.session.openImage(2);
    second.session.close();
    const { session } = await atWork({ server, storage }, 1);
    expect(session.state.draft?.points).toHaveLength(2);
    session.run("cancel");
    expect(storage.keys().filter((key) => key.includes("/draft/"))).toEqual([]);
  });

  test("a draft of a photo that was replaced does not come back", async () => {
    const first = await atWork();
    first.click([10, 10], [20, 20]);
    first.server.replacePhoto(1);
    const { session } = await atWork({ server: first.server, storage: first.storage });
    expect(session.state.draft).toBeNull();
  });

  test("what the server refuses comes back as a draft", async () => {
    const { session, server, click } = await atWork();
    click(...corners(10, 10, 30, 30));
    await settled();
    server.failNext("apply", new ApiError("the class is gone", 422, "data"));
    session.run("accept");
    await settled();
    expect(session.state.notice?.text).toBe("Not saved: the class is gone");
    expect(session.state.draft?.points).toHaveLength(4);
    expect(session.state.saving.state).toBe("saved");
  });

  test("what the server refuses comes after the draft that was begun meanwhile", async () => {
    const first = await atWork();
    const { session, server, storage, click, add } = first;
    click(...corners(10, 10, 30, 30));
    await settled();
    server.failNext("apply", new ApiError("the class is gone", 422, "data"));
    session.run("accept");
    click(...corners(50, 10, 70, 30));
    await settled();
    const second = await atWork({ server, storage });
    for (const at of [first, second]) {
      expect(at.session.state.draft?.points[0]).toEqual([50, 10]);
      at.session.run("accept");
      await settled();
      expect(at.session.state.draft?.points[0]).toEqual([10, 10]);
      expect(at.session.state.draft?.mask?.box).toEqual([10, 10, 30, 30]);
    }
    session.run("cancel");
    expect(session.state.draft).toBeNull();
    await add(80, 10, 90, 30);
    expect(session.state.draft).toBeNull();
  });

  test("what the server refuses of an image left behind is a draft there", async () => {
    const { session, server, clock, click } = await atWork();
    server.failNext("apply", lost());
    for (const x of [10, 50]) {
      click(...corners(x, 10, x + 20, 30));
      await settled();
      session.run("accept");
    }
    await session.openImage(2);
    for (let i = 0; i < 2; i++) server.failNext("apply", new ApiError("the class is gone", 422, "data"));
    await clock.advance(5000);
    expect(session.state.notice?.text).toContain("(it is a draft on photo-1.jpg again)");
    await session.openImage(1);
    expect(session.state.draft?.points[0]).toEqual([10, 10]);
    session.run("accept");
    await settled();
    expect(session.state.draft?.points[0]).toEqual([50, 10]);
  });

  test("a full storage is told, and the work goes on", async () => {
    const { session, storage, click } = await atWork();
    storage.full = true;
    click(...corners(10, 10, 30, 30));
    await settled();
    expect(session.state.notice?.kind).toBe("problem");
    session.run("accept");
    await settled();
    expect(session.state.objects).toHaveLength(1);
  });

  test("a session that ran out is locked; after the login everything goes on", async () => {
    const { session, server, click } = await atWork();
    click(...corners(10, 10, 30, 30));
    await settled();
    server.failNext("apply", new UnauthorizedError("log in", 401, "login"));
    session.run("accept");
    await settled();
    expect(session.state.phase).toBe("locked");
    expect(session.state.saving.waiting).toBe(1);
    await session.login("secret");
    await settled();
    expect(session.state.phase).toBe("ready");
    expect(server.image(1).objects).toHaveLength(1);
  });

  test("a draft that two pages restored becomes one object, not two", async () => {
    const first = await atWork();
    first.click(...corners(10, 10, 30, 30));
    await settled();
    const second = await atWork({ server: first.server, storage: first.storage });
    const [key, text] = [...first.storage.texts].find(([name]) => name.includes("/draft/"))!;
    first.session.run("accept");
    await settled();
    first.click([50, 50]); // the next one, kept under the same name
    first.storage.tellRemoved(1, key, text);
    expect(second.session.state.draft).toBeNull();
    expect(second.session.state.notice?.text).toContain("Undo brings it back");
    second.session.run("accept");
    await settled();
    expect(first.server.image(1).objects).toHaveLength(1);
    expect(first.storage.get(key)).toContain("[50,50]");
    second.session.run("undo");
    expect(second.session.state.draft?.points).toHaveLength(4);
  });

  test("a draft that was changed here stays when another page ends its own", async () => {
    const first = await atWork();
    first.click(...corners(10, 10, 30, 30));
    await settled();
    const second = await atWork({ server: first.server, storage: first.storage });
    const [key, text] = [...first.storage.texts].find(([name]) => name.includes("/draft/"))!;
    second.click([20, 5]);
    await settled();
    first.session.run("accept");
    await settled();
    first.storage.tellRemoved(1, key, text);
    expect(second.session.state.draft?.points).toHaveLength(5);
  });
});
