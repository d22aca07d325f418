import { describe, expect, test } from "vitest";

import { UnreachableError } from "./errors";
import { randomFrom } from "./testing/drawings";
import { settled } from "./testing/fake-clock";
import { FakeClock } from "./testing/fake-clock";
import { atWork, corners, FakeStorage, type AtWork } from "./testing/session-at-work";
import { FakeServer } from "./testing/fake-server";
import { workshop } from "./workshop";

const lost = new UnreachableError("The server does not answer.", 0, "unreachable");
const FAILING = ["apply", "undo", "redo", "segment", "image"];

/** One thing that a person or the network does. */
async function oneStep(at: AtWork, random: () => number): Promise<void> {
  const { session, server, clock, click } = at;
  const pick = random();
  const x = Math.floor(random() * 150);
  const someone = session.state.objects[Math.floor(random() * session.state.objects.length)];
  if (pick < 0.35) {
    click(...corners(x, 10, x + 30, 40));
    await clock.advance(random() < 0.7 ? 2000 : 0);
    session.run("accept");
  } else if (pick < 0.45) {
    if (someone) session.removeObjects([someone.id]);
  } else if (pick < 0.6) {
    if (someone && !session.state.draft) session.select([someone.id]);
    session.run("grow");
  } else if (pick < 0.75) session.run(random() < 0.6 ? "undo" : "redo");
  else if (pick < 0.8) session.run("cancel");
  else if (pick < 0.95) fail(server, random);
  else await clock.advance(random() * 5000);
  if (random() < 0.5) await settled();
}

function fail(server: FakeServer, random: () => number): void {
  const name = FAILING[Math.floor(random() * FAILING.length)];
  if (random() < 0.5) server.failNext(name, lost);
  else server.loseAnswer(name, lost);
}

describe("whatever is done while the network fails", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])("in the end page and server agree (%i)", async (seed) => {
    const random = randomFrom(seed * 7919);
    const at = await atWork();
    for (let i = 0; i < 40; i++) await oneStep(at, random);
    await at.clock.advance(300_000);
    const { session, server } = at;
    expect(session.state.saving).toEqual({ state: "saved", waiting: 0, problem: null, attempts: 0 });
    expect(session.state.conflicts).toEqual([]);
    const shown = session.state.objects.map(({ saved, ...object }) => [saved, object]);
    expect(shown).toEqual(server.image(1).objects.map((object) => [true, object]));
    expect(at.storage.keys().filter((key) => key.includes("/pending/"))).toEqual([]);
  });

  test.each([1, 2, 3, 4])("every accepted object arrives once, over reloads (%i)", async (seed) => {
    const random = randomFrom(seed * 104_729);
    let at = await atWork();
    for (let i = 0; i < 12; i++) {
      at.click(...corners(10 * i, 10, 10 * i + 8, 40));
      await at.clock.advance(5000);
      fail(at.server, random);
      at.session.run("accept");
      if (random() < 0.5) await settled();
      if (random() < 0.3) {
        at.session.close();
        at = await atWork({ server: at.server, storage: at.storage, clock: at.clock });
      }
    }
    at.server.failures.length = 0;
    await at.clock.advance(300_000);
    const lefts = at.server.image(1).objects.map(({ mask }) => mask.box[0]);
    expect(lefts).toEqual(Array.from({ length: 12 }, (_, i) => 10 * i));
  });
});

describe("another project's server at the same address", () => {
  const otherServer = (): FakeServer => {
    const server = new FakeServer();
    for (const id of [1, 2, 3]) server.photoIs(id, { path: `cow-${id}.jpg`, content: `cow-${id}` });
    return server;
  };

  test("gets nothing of what waited for the first", async () => {
    const { session, server, clock, click } = await atWork();
    click(...corners(10, 10, 30, 30));
    await settled();
    server.failNext("apply", lost);
    session.run("accept");
    await settled();
    server.photoIs(1, { path: "cow.jpg", content: "cow" });
    await clock.advance(60_000);
    expect(server.image(1).objects).toEqual([]);
    expect(session.state.saving).toMatchObject({ state: "retrying", waiting: 1 });
    expect(session.state.saving.problem).toContain("Another project");
    server.photoIs(1, { path: "photo-1.jpg", content: "hash-1" });
    await clock.advance(20_000);
    expect(server.image(1).objects).toHaveLength(1);
    expect(session.state.saving.state).toBe("saved");
  });

  test("is worked on after a reload, while the first one's work is kept", async () => {
    const first = await atWork();
    first.click(...corners(10, 10, 30, 30));
    await settled();
    first.server.failNext("apply", lost);
    first.session.run("accept");
    await settled();
    first.session.close();
    const { storage } = first;
    const other = await atWork({ server: otherServer(), storage });
    expect(other.session.state.notice?.text).toContain("belongs to another project");
    await other.add(50, 10, 70, 30);
    expect(other.server.image(1).objects.map(({ mask }) => mask.box[0])).toEqual([50]);
    const back = await atWork({ server: first.server, storage });
    await settled();
    expect(back.server.image(1).objects.map(({ mask }) => mask.box[0])).toEqual([10]);
    expect(storage.keys().filter((key) => key.includes("/pending/"))).toEqual([]);
  });

  test.each(["catchUp", "openImage"] as const)("is noticed by who comes back (%s)", async (way) => {
    const { session, server, click } = await atWork();
    for (const id of [1, 3]) server.photoIs(id, { path: "cow.jpg", content: "cow" });
    click(...corners(10, 10, 30, 30));
    await settled();
    await session[way](3);
    expect(session.state.image?.path).toBe("photo-1.jpg");
    expect(session.state.notice?.text).toContain("Another project is served");
    session.run("accept");
    await settled();
    expect(server.image(1).objects).toEqual([]);
  });
});

test("of images seen long ago nothing is remembered, unless something is on its way", () => {
  const ports = { clock: new FakeClock(), storage: new FakeStorage(), newId: () => "id" };
  const server = new FakeServer(60);
  const { saver, store } = workshop({ api: server.api(), ...ports });
  const images = Array.from({ length: 60 }, (_, i) => server.image(i + 1));
  saver.learn(images[0]);
  saver.undo(1);
  store.set({ image: images[1] });
  for (const image of images) saver.learn(image);
  const known = images.filter(({ id }) => saver.known(id)).map(({ id }) => id);
  expect(known).toHaveLength(50);
  expect(known.slice(0, 3)).toEqual([1, 2, 13]);
});
