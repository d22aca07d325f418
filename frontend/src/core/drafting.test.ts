import { describe, expect, test } from "vitest";

import { ApiError } from "./errors";
import { settled } from "./testing/fake-clock";
import { atWork, corners } from "./testing/session-at-work";

describe("making an object", () => {
  test("four clicks show a mask; Enter saves it; the tool stays armed", async () => {
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

  test("Enter may come before the mask; clicks meanwhile are the next object's", async () => {
    const { session, server, click } = await atWork();
    server.holding = true;
    click(...corners(10, 10, 30, 30));
    session.run("accept");
    expect(session.state.draft?.accepting).toBe(true);
    click([60, 60], [90, 60]);
    expect(session.state.ahead).toEqual([[60, 60], [90, 60]]);
    server.answerNext();
    await settled();
    expect(server.image(1).objects).toHaveLength(1);
    expect(session.state.draft).toMatchObject({ objectId: null, points: [[60, 60], [90, 60]] });
    expect(session.state.ahead).toEqual([]);
  });

  test("what is clicked while a mask is awaited survives a reload", async () => {
    const first = await atWork();
    first.server.holding = true;
    first.click(...corners(10, 10, 30, 30));
    first.session.run("accept");
    first.session.run("class-2");
    first.click(...corners(40, 10, 60, 30));
    first.session.run("accept");
    first.click([70, 10], [90, 10]);
    first.session.close();
    first.server.holding = false;
    const { session, server } = await atWork({ ...first });
    for (let i = 0; i < 2; i++) {
      session.run("accept");
      await settled();
    }
    expect(server.image(1).objects.map(({ mask, class_id }) => [mask.box[0], class_id])).toEqual([
      [10, 1],
      [40, 2],
    ]);
    expect(session.state.draft?.points).toEqual([[70, 10], [90, 10]]);
  });

  test("Backspace and undo take back what was clicked last, not what is being accepted", async () => {
    const { session, server, click } = await atWork();
    server.holding = true;
    click(...corners(10, 10, 30, 30));
    session.run("accept");
    click(...corners(40, 10, 60, 30));
    session.run("accept");
    session.run("undo"); // the Enter
    session.run("undo");
    session.run("remove-point");
    expect(session.state.ahead).toEqual([[40, 10], [60, 10]]);
    server.answerNext();
    await settled();
    expect(server.image(1).objects).toHaveLength(1);
    expect(session.state.draft?.points).toEqual([[40, 10], [60, 10]]);
  });

  test("Escape discards what was begun after Enter; what was accepted stays so", async () => {
    const { session, server, click } = await atWork();
    server.holding = true;
    click(...corners(10, 10, 30, 30));
    session.run("accept");
    click([60, 60]);
    session.run("cancel");
    expect(session.state).toMatchObject({ ahead: [], draft: { accepting: true } });
    server.answerNext();
    await settled();
    expect(server.image(1).objects).toHaveLength(1);
    expect(session.state.draft).toBeNull();
  });

  test("a change of the draft that is being accepted forgets nothing clicked after it", async () => {
    const { session, server, click } = await atWork();
    server.holding = true;
    click(...corners(10, 10, 30, 30));
    session.run("accept");
    click([60, 60], [90, 60]);
    session.chooseTool("brush");
    click([12, 12]);
    expect(session.state).toMatchObject({ ahead: [], draft: { accepting: false } });
    server.answerNext();
    await settled();
    session.run("accept");
    await settled();
    expect(server.image(1).objects).toHaveLength(1);
    expect(session.state.draft?.points).toEqual([[60, 60], [90, 60]]);
  });

  test("what was clicked after an object that gets no mask comes after it", async () => {
    const { session, server, click } = await atWork();
    server.failNext("segment", new ApiError("No.", 422, "bad"));
    click(...corners(10, 10, 30, 30));
    session.run("accept");
    click([60, 60], [90, 60]);
    await settled();
    expect(session.state).toMatchObject({ ahead: [], draft: { accepting: false, problem: "No." } });
    session.run("cancel");
    expect(session.state.draft?.points).toEqual([[60, 60], [90, 60]]);
  });

  test("several objects may come before the first mask", async () => {
    const { session, server, click } = await atWork();
    server.holding = true;
    for (const at of [10, 40, 70]) {
      click(...corners(at, 10, at + 20, 30));
      session.run("accept");
    }
    click([5, 5]);
    session.run("accept"); // of one point: nothing
    for (const _ of [10, 40, 70]) {
      server.answerNext();
      await settled();
    }
    expect(server.image(1).objects.map(({ mask }) => mask.box[0])).toEqual([10, 40, 70]);
    expect(session.state.draft).toMatchObject({ accepting: false, points: [[5, 5]] });
  });

  test("what came after an object that is not accepted after all is forgotten", async () => {
    const { session, server, click } = await atWork();
    server.holding = true;
    click(...corners(10, 10, 30, 30));
    session.run("accept");
    click([60, 60]);
    session.run("undo");
    expect(session.state.draft).toMatchObject({ accepting: true });
    session.run("undo");
    expect(session.state.draft).toMatchObject({ accepting: false });
    session.run("redo");
    server.answerNext(); // the one before the undo
    server.answerNext();
    await settled();
    session.run("accept");
    await settled();
    expect(server.callsOf("apply")).toHaveLength(1);
    expect(session.state.draft).toBeNull();
  });

  test("a class chosen after Enter is that of the next object", async () => {
    const { session, server, click } = await atWork();
    server.holding = true;
    click(...corners(10, 10, 30, 30));
    session.run("accept");
    session.run("class-2");
    click(...corners(40, 10, 60, 30));
    session.run("accept");
    click([5, 5]);
    session.run("class-1");
    for (let i = 0; i < 2; i++) {
      server.answerNext();
      await settled();
    }
    expect(server.image(1).objects.map(({ class_id }) => class_id)).toEqual([1, 2]);
    expect(session.state).toMatchObject({ classId: 1, draft: { classId: 1, points: [[5, 5]] } });
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
