import { describe, expect, test } from "vitest";

import { createApi, type Api } from "./api";
import { SupersededError, UnreachableError } from "./errors";
import { FakeClock } from "./testing/fake-clock";

interface Asked {
  readonly clock: FakeClock;
  readonly urls: string[];
  readonly api: Api;
  readonly answers: ((text: string) => void)[];
}

function asked(): Asked {
  const urls: string[] = [];
  const answers: ((text: string) => void)[] = [];
  const clock = new FakeClock();
  const api = createApi({
    clock,
    fetch: (input, init) => {
      urls.push(`${init?.method ?? ""} ${String(input)}`);
      return new Promise((resolve, reject) => {
        answers.push((text) => resolve(new Response(text)));
        init?.signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
      });
    },
  });
  return { clock, urls, api, answers };
}

const mask = { mask: { box: [0, 0, 0, 0], runs: "" }, confidence: 0.5, notes: [] };

describe("the API's addresses", () => {
  test("a query leaves out what is not given", () => {
    const { urls, api } = asked();
    void api.images({ status: "new", order: "confidence", offset: 0 });
    void api.images({});
    expect(urls).toEqual([
      "GET /api/images?status=new&order=confidence&offset=0",
      "GET /api/images",
    ]);
  });
  test("tiles carry the photo's hash", () => {
    const { api } = asked();
    expect(api.tileUrl(7, 2, 3, 4, "ab")).toBe("/api/images/7/tiles/2/3/4?v=ab");
    expect(api.thumbnailUrl(7, 160, "ab")).toBe("/api/images/7/thumbnail?side=160&v=ab");
    expect(api.exportUrl("coco", 1.5)).toBe("/api/export/coco?tolerance=1.5");
  });
  test("an imported file's name is part of the address", () => {
    const { urls, api } = asked();
    void api.importFile("coco", new Blob(["{}"]), "my file.json");
    expect(urls).toEqual(["POST /api/import/coco?file_name=my+file.json"]);
  });
});

describe("patience", () => {
  test.each([
    ["a look into a large folder", (api: Api) => api.refreshPhotos(), "{}", undefined],
    ["what an export loses", (api: Api) => api.exportLosses("coco", 1), '{"losses":["x"]}', ["x"]],
  ] as const)("%s may take minutes", async (_, ask, text, wanted) => {
    const { clock, api, answers } = asked();
    const answer = ask(api);
    await clock.advance(5 * 60_000);
    answers[0](text);
    expect(await answer).toEqual(wanted);
  });
  test("a list may not", async () => {
    const { clock, api } = asked();
    const answer = api.images({}).catch((error: unknown) => error);
    await clock.advance(60_000);
    expect(await answer).toBeInstanceOf(UnreachableError);
  });
});

describe("answers of a stream", () => {
  test("one that a later one has overtaken is dropped", async () => {
    const { api, answers } = asked();
    const points = [[0, 0]] as const;
    const first = api.segment({ image_id: 1, points, stream: "a", sequence: 1 });
    const second = api.segment({ image_id: 1, points, stream: "a", sequence: 2 });
    const other = api.segment({ image_id: 1, points, stream: "b", sequence: 1 });
    answers[1](JSON.stringify(mask));
    expect((await second).confidence).toBe(0.5);
    answers[0](JSON.stringify(mask));
    await expect(first).rejects.toBeInstanceOf(SupersededError);
    answers[2](JSON.stringify(mask));
    expect((await other).confidence).toBe(0.5);
  });
});
