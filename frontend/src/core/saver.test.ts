import { describe, expect, test } from "vitest";

import { UnreachableError } from "./errors";
import { randomFrom } from "./testing/drawings";
import { settled } from "./testing/fake-clock";
import { atWork, corners, type AtWork } from "./testing/session-at-work";
import type { FakeServer } from "./testing/fake-server";

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
