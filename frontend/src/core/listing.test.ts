import { describe, expect, test } from "vitest";

import { matches } from "./listing";
import { settled } from "./testing/fake-clock";
import { FakeServer } from "./testing/fake-server";
import { atWork } from "./testing/session-at-work";

const ids = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe("a long list", () => {
  test("reaches as far as the image that is opened first, and has its neighbours", async () => {
    const { session } = await atWork({ server: new FakeServer(450) }, 350);
    expect(session.state.image?.id).toBe(350);
    expect(session.state.list.items.map(({ id }) => id)).toEqual(ids(1, 400));
    session.run("done-and-next");
    await settled();
    expect(session.state.image?.id).toBe(351);
    expect(session.state.project?.counts).toMatchObject({ done: 1, new: 449 });
    session.run("previous-image");
    await settled();
    expect(session.state.image?.id).toBe(350);
  });

  test("keeps the place when it is loaded again", async () => {
    const { session } = await atWork({ server: new FakeServer(450) }, 350);
    const lengths = new Set<number>();
    session.subscribe(({ list }) => lengths.add(list.items.length));
    await session.refreshPhotos();
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(350);
  });

  test("of images in front, only a page is loaded", async () => {
    const { session, server } = await atWork({ server: new FakeServer(450) });
    expect(session.state.list.items).toHaveLength(200);
    expect(server.callsOf("images")).toHaveLength(1);
  });

  test("is not searched for an image that the filter leaves out", async () => {
    const { session, server } = await atWork({ server: new FakeServer(450) }, 350);
    await session.setStatus("done");
    const before = server.callsOf("images").length;
    await session.filter({ status: "new" });
    expect(session.state.list).toMatchObject({ total: 449, loading: false });
    expect(server.callsOf("images")).toHaveLength(before + 1);
  });

  test("a step at its loaded end waits for what is on its way", async () => {
    const { session } = await atWork({ server: new FakeServer(450) }, 200);
    void session.loadMoreImages();
    session.run("next-image");
    await settled();
    expect(session.state).toMatchObject({ image: { id: 201 }, notice: null });
  });

  test("an image beside the filter counts too when it changes", async () => {
    const { session } = await atWork();
    await session.filter({ status: "done" });
    await session.setStatus("done");
    expect(session.state.project?.counts).toMatchObject({ done: 1, new: 2 });
  });
});

test("an image matches a filter as the server sees it", async () => {
  const { session } = await atWork();
  const image = session.state.image!;
  const all = { status: null, classId: null, reviewed: null, order: "path" } as const;
  expect(matches(all, image)).toBe(true);
  expect(matches({ ...all, status: "new", reviewed: false }, image)).toBe(true);
  expect(matches({ ...all, reviewed: true }, image)).toBe(false);
  expect(matches({ ...all, classId: 1 }, image)).toBe(false);
});
