import { expect, test } from "vitest";

import { FakeServer } from "../core/testing/fake-server";
import { atWork } from "../core/testing/session-at-work";
import { guideText } from "./stage-notes";
import { welcomeWords } from "./welcome";

test("an empty folder is named in quotes", async () => {
  const { session } = await atWork({ server: new FakeServer(0) });
  expect(welcomeWords(session.state)).toMatchObject({ text: "Put photos into the folder “photos”.", again: true });
});

test("a photo that cannot be read is said to be so, and nothing asks for clicks", async () => {
  const { session, server } = await atWork();
  expect(welcomeWords(session.state)).toBeNull();
  server.photoIs(1, { problem: "cannot read photo-1.jpg" });
  await session.reload();
  expect(welcomeWords(session.state)).toMatchObject(
    { title: "This photo cannot be read", text: "Cannot read photo-1.jpg." });
  expect(guideText(session.state)).toBe("");
});

test("a photo without a file asks for no points", async () => {
  const { session, server } = await atWork();
  server.photoIs(1, { missing: true });
  await session.reload();
  expect(welcomeWords(session.state)).toBeNull();
  expect(guideText(session.state)).toContain("points find no mask");
});
