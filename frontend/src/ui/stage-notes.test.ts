import { expect, test } from "vitest";

import { UnreachableError } from "../core/errors";
import { settled } from "../core/testing/fake-clock";
import { atWork, corners } from "../core/testing/session-at-work";
import { guideText } from "./stage-notes";

test("why nothing is saved is told once trying again did not help", async () => {
  const { session, server, clock, click } = await atWork();
  const guiding = guideText(session.state);
  const full = new UnreachableError("the disk is full: nothing is lost", 507, "storage");
  server.failNext("apply", full);
  server.failNext("apply", full);
  click(...corners(10, 10, 30, 30));
  await settled();
  session.run("accept");
  await settled();
  expect(session.state.saving).toMatchObject({ state: "retrying", attempts: 1 });
  expect(guideText(session.state)).toBe(guiding);
  await clock.advance(600);
  expect(guideText(session.state)).toBe("The disk is full: nothing is lost.");
  await clock.advance(2000);
  await settled();
  expect(session.state.saving.state).toBe("saved");
  expect(guideText(session.state)).toBe(guiding);
});
