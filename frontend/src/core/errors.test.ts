import { describe, expect, test } from "vitest";

import { ApiError, sentenceOf } from "./errors";

describe("a problem told in a sentence of its own", () => {
  test("begins with a capital", () => {
    expect(sentenceOf(new ApiError("there is a class 'cup' already", 422, "data")))
      .toBe("There is a class 'cup' already.");
    expect(sentenceOf("cannot read it, it is damaged")).toBe("Cannot read it, it is damaged.");
  });

  test("ends where a sentence ends", () => {
    expect(sentenceOf("Is it there?")).toBe("Is it there?");
    expect(sentenceOf("")).toBe("");
  });

  test("leaves names as they are", () => {
    expect(sentenceOf(new Error("cat.jpg is damaged"))).toBe("cat.jpg is damaged.");
    expect(sentenceOf(new Error("The server does not answer."))).toBe("The server does not answer.");
  });
});
