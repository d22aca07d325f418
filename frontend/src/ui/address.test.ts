import { expect, test } from "vitest";

import { addressFor, imageIn } from "./address";

test("an address names an image, or none", () => {
  expect(imageIn("http://localhost/?image=12")).toBe(12);
  for (const none of ["", "?image=", "?image=-1", "?image=x", "?image=1.5"]) {
    expect(imageIn(`http://localhost/${none}`)).toBeUndefined();
  }
});

test("the address follows the image and keeps the rest", () => {
  expect(addressFor(7, "http://localhost:8765/")).toBe("http://localhost:8765/?image=7");
  expect(addressFor(7, "http://localhost/a?x=1&image=3#top")).toBe("http://localhost/a?x=1&image=7#top");
});
