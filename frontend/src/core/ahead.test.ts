import { expect, test } from "vitest";
import { begunAhead, clickedAhead, draftAhead, lastChanged, takenBack } from "./ahead";

const begun = { classId: 2, points: [[1, 2]], accepted: false } as const;
const accepted = { ...begun, accepted: true } as const;

test("a click goes to the object that was begun, or begins the next", () => {
  const next = { classId: 5, points: [[3, 4]], accepted: false };
  expect(clickedAhead([], [3, 4], 5)).toEqual([next]);
  expect(clickedAhead([accepted], [3, 4], 5)).toEqual([accepted, next]);
  expect(clickedAhead([begun], [3, 4], 5)).toEqual([{ ...begun, points: [[1, 2], [3, 4]] }]);
});

test("Enter and clicks are taken back one by one", () => {
  const two = lastChanged([begun, accepted], { points: [[1, 2], [3, 4]] });
  const enter = takenBack(two);
  expect(enter).toEqual([begun, { ...begun, points: [[1, 2], [3, 4]] }]);
  expect(takenBack(enter)).toEqual([begun, begun]);
  expect(takenBack([begun, begun])).toEqual([begun]);
  expect(takenBack([])).toEqual([]);
});

test("an object is begun until Enter is pressed for it", () => {
  expect(begunAhead([accepted, begun])).toBe(begun);
  expect(begunAhead([begun, accepted])).toBeNull();
  expect(begunAhead([])).toBeNull();
  expect(draftAhead(accepted)).toMatchObject({ classId: 2, points: [[1, 2]] });
});
