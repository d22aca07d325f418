import { describe, expect, test } from "vitest";

import { ApiError, UnreachableError } from "./errors";
import { settled } from "./testing/fake-clock";
import { FakeServer } from "./testing/fake-server";
import { atWork, corners, type AtWork } from "./testing/session-at-work";

const lost = (): UnreachableError => new UnreachableError("The server does not answer.", 0, "x");

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

  test("what is accepted while its mask is awaited is saved before another image comes", async () => {
    const { session, server, click } = await atWork();
    server.holding = true;
    for (const at of [10, 50]) {
      click(...corners(at, 10, at + 20, 30));
      session.run("accept");
    }
    session.run("next-image");
    await settled();
    expect(session.state).toMatchObject({ image: { id: 1 }, opening: true });
    for (const left of [10, 50]) {
      server.answerNext();
      await settled();
      expect(server.image(1).objects.at(-1)?.mask.box[0]).toBe(left);
    }
    expect(session.state).toMatchObject({ image: { id: 2 }, draft: null, opening: false });
  });

  test("done and next waits for what is accepted", async () => {
    const { session, server, click } = await atWork();
    server.holding = true;
    click(...corners(10, 10, 30, 30));
    session.run("accept");
    session.run("done-and-next");
    session.run("done-and-next");
    server.answerNext();
    await settled();
    expect(server.image(1)).toMatchObject({ status: "done", undo_label: "Mark as done" });
    expect(server.image(1).objects).toHaveLength(1);
    expect(server.image(2).status).toBe("new");
    expect(session.state.image?.id).toBe(2);
  });

  test("an object that cannot be accepted after all keeps its image shown", async () => {
    const { session, server, click } = await atWork();
    server.holding = true;
    click(...corners(10, 10, 30, 30));
    session.run("accept");
    session.run("next-image");
    await settled();
    server.failNext("segment", new ApiError("The points are all the same.", 422, "points"));
    server.answerNext();
    await settled();
    expect(session.state).toMatchObject({ image: { id: 1 }, opening: false });
    expect(session.state.draft?.points).toHaveLength(4);
    expect(session.state.notice?.text).toBe("The points are all the same.");
  });

  test("an image that cannot be opened leaves the shown one and says why", async () => {
    const { session } = await atWork();
    await session.openImage(99);
    expect(session.state).toMatchObject({ image: { id: 1 }, opening: false });
    expect(session.state.notice?.text).toBe("There is no image 99.");
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

  test("keys in quick succession lose no step", async () => {
    const { session } = await atWork({ server: new FakeServer(9) }, 7);
    for (let press = 0; press < 4; press++) session.run("previous-image");
    await settled();
    expect(session.state).toMatchObject({ image: { id: 3 }, opening: false });
    session.run("next-image");
    session.run("previous-image");
    session.run("next-image");
    await settled();
    expect(session.state.image?.id).toBe(4);
  });

  test("a second done and next does not pass over an image that nobody saw", async () => {
    const { session, server } = await atWork();
    await session.openImage(1);
    const next = session.openImage(2);
    session.run("done-and-next");
    await next;
    await settled();
    expect([1, 2].map((id) => server.image(id).status)).toEqual(["new", "new"]);
    expect(session.state.image?.id).toBe(2);
  });

  test("an image that is not there gives way to the first", async () => {
    const { session } = await atWork({}, 99);
    expect(session.state).toMatchObject({ image: { id: 1 }, notice: { kind: "problem" } });
  });

  test("the first photo opens when it comes into an empty folder", async () => {
    const { session, server } = await atWork({ server: new FakeServer(0) });
    expect(session.state.image).toBeNull();
    server.addImage(1);
    await session.refreshPhotos();
    expect(session.state.image?.id).toBe(1);
  });
});

describe("a photo whose file is not as it should be", () => {
  test("why it cannot be read is asked for when a picture is refused", async () => {
    const { session, server, click } = await atWork();
    server.photoIs(1, { problem: "photo-1.jpg is damaged" });
    session.pictureRefused(1);
    await settled();
    expect(session.state.image?.problem).toBe("photo-1.jpg is damaged");
    expect(session.state.list.items[0].problem).toBe("photo-1.jpg is damaged");
    click(...corners(10, 10, 30, 30));
    expect(session.state.draft).toBeNull();
  });

  test("one that is not shown is marked in the list", async () => {
    const { session, server } = await atWork();
    server.photoIs(3, { problem: "photo-3.jpg is damaged" });
    session.pictureRefused(3);
    await settled();
    expect(session.state.image?.id).toBe(1);
    expect(session.state.list.items.map(({ problem }) => problem)).toEqual(
      [null, null, "photo-3.jpg is damaged"]);
  });

  test("a moved one has its new name", async () => {
    const { session, server } = await atWork();
    server.photoIs(1, { path: "moved/photo.jpg" });
    await session.refreshPhotos();
    expect(session.state.image?.path).toBe("moved/photo.jpg");
  });

  test("a removed one is seen as such, and takes no points", async () => {
    const { session, server, click } = await atWork();
    server.photoIs(1, { missing: true });
    await session.refreshPhotos();
    expect(session.state.image?.missing).toBe(true);
    click(...corners(10, 10, 30, 30));
    expect(session.state.draft).toBeNull();
    expect(server.callsOf("segment")).toEqual([]);
  });
});

describe("a photo whose file was replaced under a draft", () => {
  const refused = async (): Promise<AtWork> => {
    const work = await atWork();
    work.server.failNext("segment", new ApiError("the file was replaced", 409, "changed"));
    work.click(...corners(10, 10, 30, 30));
    await settled();
    expect(work.session.state.draft).toMatchObject({ mask: null, problem: "The file was replaced." });
    return work;
  };

  test("the draft gets its mask once the photos were looked at again", async () => {
    const { session, server } = await refused();
    await session.refreshPhotos();
    await settled();
    expect(session.state.draft).toMatchObject({ problem: null });
    session.run("accept");
    await settled();
    expect(server.image(1).objects).toHaveLength(1);
  });

  test("also where somebody else looked", async () => {
    const { session, server } = await refused();
    server.replacePhoto(1);
    await session.catchUp();
    await settled();
    expect(session.state.draft).toMatchObject({ problem: null });
    expect(session.state.draft?.mask).not.toBeNull();
  });
});

test("a second look for new photos does not queue behind the first", async () => {
  const { session, server } = await atWork();
  const first = session.refreshPhotos();
  await session.refreshPhotos();
  expect(session.state.notice?.text).toContain("still being looked through");
  await first;
  expect(server.callsOf("refreshPhotos")).toHaveLength(1);
  await session.refreshPhotos();
  expect(server.callsOf("refreshPhotos")).toHaveLength(2);
});
