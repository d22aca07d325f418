import { expect, test } from "vitest";

import { newDraft } from "./draft";
import { NextObjects } from "./next-objects";

test("clicks ahead are of the class of the draft, of the last one, or of the one chosen since", () => {
  const next = new NextObjects();
  next.click([1, 1], 7);
  expect(next.begun).toEqual({ classId: 7, points: [[1, 1]], accepted: false });
  expect(next.choose(8)).toBe(true);
  next.accept();
  expect(next.begun).toBeNull();
  expect(next.choose(9)).toBe(false);
  next.click([2, 2], 7);
  expect(next.drafts.map(({ classId }) => classId)).toEqual([8, 9]);
  expect(next.points).toEqual([[1, 1], [2, 2]]);
});

test("they are taken back one by one, or the begun one as a whole", () => {
  const next = new NextObjects();
  expect([next.takeBack(), next.dropBegun(), next.move([0, 0])]).toEqual([false, false, false]);
  next.click([1, 1], 7);
  next.accept();
  next.click([2, 2], 7);
  next.click([3, 3], 7);
  expect(next.move([4, 4])).toBe(true);
  expect(next.points).toEqual([[1, 1], [2, 2], [4, 4]]);
  expect(next.dropBegun()).toBe(true);
  expect(next.dropBegun()).toBe(false);
  expect(next.takeBack()).toBe(true);
  expect(next.begun?.points).toEqual([[1, 1]]);
  expect(next.takeBack()).toBe(true);
  expect(next.clicked).toBe(false);
});

test("what waits comes in its order: what was clicked ahead before what was refused", () => {
  const next = new NextObjects();
  next.begin([newDraft(1)]);
  next.add(newDraft(2));
  next.click([1, 1], 3);
  next.wait();
  expect(next.clicked).toBe(false);
  expect([next.take(), next.take(), next.take(), next.take()].map((one) => one?.classId ?? null))
    .toEqual([3, 1, 2, null]);
});

test("what was clicked ahead is begun, and the others stay ahead of what waits", () => {
  const next = new NextObjects();
  next.add(newDraft(1));
  next.click([1, 1], 2);
  next.accept();
  next.choose(5);
  next.click([2, 2], 2);
  const { ahead, classAhead } = next.takeAhead();
  expect([ahead.length, classAhead, next.clicked]).toEqual([2, 5, false]);
  next.putAhead(ahead.slice(1), classAhead);
  expect(next.drafts.map(({ classId }) => classId)).toEqual([5, 1]);
});
