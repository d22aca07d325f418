import { describe, expect, test } from "vitest";

import { UnreachableError } from "./errors";
import { settled } from "./testing/fake-clock";
import { atWork, corners } from "./testing/session-at-work";

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

  test("an image that cannot be opened leaves the shown one and says why", async () => {
    const { session } = await atWork();
    await session.openImage(99);
    expect(session.state).toMatchObject({ image: { id: 1 }, opening: false });
    expect(session.state.notice?.text).toBe("There is no image 99");
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
