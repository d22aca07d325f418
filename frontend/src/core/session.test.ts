import { describe, expect, test } from "vitest";

import { ApiError, ConflictError, UnauthorizedError, UnreachableError } from "./errors";
import { settled } from "./testing/fake-clock";
import { atWork, corners } from "./testing/session-at-work";

const lost = (): UnreachableError => new UnreachableError("The server does not answer.", 0, "x");

describe("making an object", () => {
  test("four clicks show a mask; Enter saves it and the tool stays armed with the class", async () => {
    const { session, server, click } = await atWork();
    session.chooseClass(2);
    click([10, 20], [50, 20], [50, 60]);
    expect(session.state.draft?.points).toHaveLength(3);
    expect(session.state.draft?.mask).toBeNull();
    click([10, 60]);
    expect(session.state.draft?.predicting).toBe(true);
    await settled();
    expect(session.state.draft?.mask?.box).toEqual([10, 20, 50, 60]);
    session.run("accept");
    expect(session.state.draft).toBeNull();
    expect(session.state.objects.map(({ saved }) => saved)).toEqual([false]);
    expect(session.state.saving.state).toBe("saving");
    await settled();
    expect(session.state.objects.map(({ saved }) => saved)).toEqual([true]);
    expect(session.state.saving.state).toBe("saved");
    expect(server.image(1).objects[0]).toMatchObject({ class_id: 2, confidence: 0.9 });
    expect(session.state).toMatchObject({ tool: "points", classId: 2, selected: [] });
  });

  test("points may lie outside the image", async () => {
    const { server, add } = await atWork();
    await add(-30, -30, 20, 20);
    expect(server.image(1).objects[0].points[0]).toEqual([-30, -30]);
    expect(server.image(1).objects[0].mask.box).toEqual([0, 0, 20, 20]);
  });

  test("Enter before the mask is there saves it when it comes; clicks meanwhile are the next object's", async () => {
    const { session, server, click } = await atWork();
    server.holding = true;
    click(...corners(10, 10, 30, 30));
    session.run("accept");
    expect(session.state.draft?.accepting).toBe(true);
    click([60, 60], [90, 60]);
    server.answerNext();
    await settled();
    expect(server.image(1).objects).toHaveLength(1);
    expect(session.state.draft).toMatchObject({ objectId: null, points: [[60, 60], [90, 60]] });
  });

  test("fewer than four points are not accepted", async () => {
    const { session, server, click } = await atWork();
    click([10, 10], [30, 10]);
    session.run("accept");
    expect(session.state.notice?.text).toBe("4 points are needed; there are 2.");
    expect(server.callsOf("apply")).toHaveLength(0);
  });

  test("an empty mask is not accepted", async () => {
    const { session, click } = await atWork();
    click([10, 10], [10, 15], [10, 20], [10, 25]);
    await settled();
    session.run("accept");
    expect(session.state.notice?.kind).toBe("problem");
    expect(session.state.draft).not.toBeNull();
  });

  test("what the model refuses is said with the draft, and the points stay", async () => {
    const { session, server, click } = await atWork();
    server.failNext("segment", new ApiError("The points are all the same.", 422, "points"));
    click(...corners(10, 10, 30, 30));
    await settled();
    expect(session.state.draft).toMatchObject({ problem: "The points are all the same." });
    session.run("accept");
    expect(session.state.notice?.text).toBe("The points are all the same.");
  });

  test("time and inputs are counted: no pauses, every click, and Enter", async () => {
    const { session, server, clock, click } = await atWork();
    await clock.advance(2000);
    click([10, 10]);
    await clock.advance(1000);
    click([30, 10]);
    await clock.advance(40_000);
    click([30, 30]);
    await clock.advance(500);
    click([10, 30]);
    await clock.advance(1500);
    session.run("accept");
    await settled();
    expect(server.image(1).objects[0]).toMatchObject({ seconds: 5, inputs: 5 });
  });
});

describe("live prediction", () => {
  test("one request is on its way and only the latest points wait", async () => {
    const { session, server, click } = await atWork();
    server.holding = true;
    click(...corners(10, 10, 30, 30));
    session.press([30, 30], { grabPx: 3 });
    session.drag([40, 30]);
    session.drag([50, 40]);
    session.drag([60, 50]);
    expect(server.held).toHaveLength(1);
    server.answerNext();
    await settled();
    expect(server.held).toHaveLength(1);
    expect(server.held[0].request.points[2]).toEqual([60, 50]);
    expect(session.state.draft).toMatchObject({ predicting: true });
    expect(session.state.draft?.mask?.box).toEqual([10, 10, 30, 30]);
    server.answerNext();
    await settled();
    expect(session.state.draft?.mask?.box).toEqual([10, 10, 60, 50]);
    expect(session.state.draft?.predicting).toBe(false);
  });

  test("an answer to a discarded draft is not shown", async () => {
    const { session, server, click } = await atWork();
    server.holding = true;
    click(...corners(10, 10, 30, 30));
    session.run("cancel");
    server.answerNext();
    await settled();
    expect(session.state.draft).toBeNull();
    expect(server.held).toHaveLength(0);
  });

  test("a lost request is asked again by itself", async () => {
    const { session, server, clock, click } = await atWork();
    server.failNext("segment", lost());
    click(...corners(10, 10, 30, 30));
    await settled();
    expect(session.state.draft?.problem).toBe("The server does not answer.");
    await clock.advance(1000);
    expect(session.state.draft).toMatchObject({ problem: null, predicting: false });
  });

  test("a brush stroke on the draft is kept when a point moves", async () => {
    const { session, click, dragFrom } = await atWork();
    click(...corners(10, 10, 30, 30));
    await settled();
    session.chooseTool("brush");
    session.setBrushRadius(3);
    click([60, 20]);
    session.chooseTool("points");
    dragFrom([30, 30], [35, 35]);
    await settled();
    expect(session.state.draft?.mask?.box).toEqual([10, 10, 64, 35]);
  });
});

describe("one undo for everything", () => {
  test("the draft's steps come first, then what was accepted, and redo goes the way back", async () => {
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

  test("undo works after a reload", async () => {
    const first = await atWork();
    await first.add(10, 10, 30, 30);
    const { session } = await atWork({ server: first.server, storage: first.storage });
    expect(session.state.history).toMatchObject({ canUndo: true, undoLabel: "Add object" });
    session.run("undo");
    await settled();
    expect(session.state.objects).toHaveLength(0);
  });
});

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
    const ids = server.callsOf("apply").map((body) => (body as { request_id: string }).request_id);
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
});

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
    expect(session.state.objects[0]).toMatchObject({ class_id: 2, mask: object.mask });
    session.resolveConflict(session.state.conflicts[0].key, "mine");
    await settled();
    expect(session.state.conflicts).toEqual([]);
    expect(server.image(1).objects[0]).toMatchObject({ id: object.id, class_id: 1 });
    expect(server.image(1).objects[0].mask.box).toEqual([9, 9, 31, 31]);
  });

  test("mine becomes a new object when the other deleted it; a conflict survives a reload", async () => {
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

describe("the list of images", () => {
  test("the first image is open and the second is loaded ahead", async () => {
    const { session, server } = await atWork();
    expect(session.state).toMatchObject({ phase: "ready", image: { id: 1 }, upcoming: { id: 2 } });
    session.run("next-image");
    await settled();
    expect(session.state).toMatchObject({ image: { id: 2 }, upcoming: { id: 3 } });
    expect(server.callsOf("image").length).toBeGreaterThanOrEqual(3);
  });

  test("at the end it is said", async () => {
    const { session } = await atWork({}, 3);
    session.run("next-image");
    await settled();
    expect(session.state.notice?.text).toBe("This is the last image.");
  });

  test("what changed since it was loaded ahead is seen", async () => {
    const { session, server, add } = await atWork();
    const object = await add(10, 10, 30, 30);
    server.byOther(2, () => [{ ...object, id: 7 }]);
    session.run("next-image");
    await settled();
    expect(session.state.objects.map(({ id }) => id)).toEqual([7]);
  });

  test("of two images chosen in a row the last is shown", async () => {
    const { session } = await atWork();
    const first = session.openImage(2);
    const second = session.openImage(3);
    await Promise.all([first, second]);
    expect(session.state).toMatchObject({ image: { id: 3 }, opening: false });
  });

  test("done and next", async () => {
    const { session, server } = await atWork();
    session.run("done-and-next");
    await settled();
    expect(server.image(1).status).toBe("done");
    expect(session.state.image?.id).toBe(2);
  });

  test("an image that cannot be opened leaves the shown one and says why", async () => {
    const { session } = await atWork();
    await session.openImage(99);
    expect(session.state).toMatchObject({ image: { id: 1 }, opening: false });
    expect(session.state.notice?.text).toBe("there is no image 99");
  });

  test("filters load the list anew", async () => {
    const { session } = await atWork();
    await session.setStatus("done");
    await session.filter({ status: "done" });
    expect(session.state.list.items.map(({ id }) => id)).toEqual([1]);
  });

  test("actions on an image left behind are still saved", async () => {
    const { session, server, clock, click } = await atWork();
    server.failNext("apply", lost());
    click(...corners(10, 10, 30, 30));
    await settled();
    session.run("accept");
    await session.openImage(2);
    expect(session.state.objects).toEqual([]);
    await clock.advance(1000);
    expect(server.image(1).objects).toHaveLength(1);
    expect(session.state.list.items[0].objects).toBe(1);
  });

  test("the page begins again where it was left", async () => {
    const first = await atWork();
    first.session.chooseClass(2);
    await first.session.openImage(3);
    const { session } = await atWork({ server: first.server, storage: first.storage });
    expect(session.state).toMatchObject({ image: { id: 3 }, classId: 2 });
  });
});

describe("beginning", () => {
  test("without a token the page is locked until the login", async () => {
    const first = await atWork();
    first.server.failNext("project", new UnauthorizedError("log in", 401, "login"));
    const { session } = await atWork({ server: first.server });
    expect(session.state.phase).toBe("locked");
    await session.login("secret");
    expect(session.state).toMatchObject({ phase: "ready", image: { id: 1 } });
  });

  test("a server that does not answer is said", async () => {
    const first = await atWork();
    first.server.failNext("project", lost());
    const { session } = await atWork({ server: first.server });
    expect(session.state).toMatchObject({ phase: "failed" });
    expect(session.state.notice?.text).toBe("The server does not answer.");
  });

  test("listeners hear of every change, with what was before", async () => {
    const { session, click } = await atWork();
    const heard: number[][] = [];
    const stop = session.subscribe((now, before) => {
      heard.push([before.draft?.points.length ?? 0, now.draft?.points.length ?? 0]);
    });
    click([10, 10]);
    stop();
    click([20, 20]);
    expect(heard).toEqual([[0, 1]]);
  });
});
