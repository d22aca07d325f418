import { describe, expect, test } from "vitest";

import {
  ApiError, ConflictError, SupersededError, UnauthorizedError, UnreachableError,
} from "./errors";
import { FakeClock, settled } from "./testing/fake-clock";
import { transport, type Send } from "./transport";

interface Sent {
  url: string;
  init: RequestInit;
}

function sending(answer: (sent: Sent) => Response | Promise<Response>): {
  send: Send;
  sent: Sent[];
  clock: FakeClock;
} {
  const sent: Sent[] = [];
  const clock = new FakeClock();
  const fetching = async (input: unknown, init?: RequestInit): Promise<Response> => {
    const one = { url: String(input), init: init ?? {} };
    sent.push(one);
    return answer(one);
  };
  return { send: transport({ fetch: fetching, clock, origin: "", patienceMs: 1000 }), sent, clock };
}

/** Never answers; breaks off when it is told to. */
function silence({ init }: Sent): Promise<Response> {
  return new Promise((_, reject) => {
    init.signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
  });
}

async function failure(status: number, body: unknown): Promise<unknown> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const { send } = sending(() => new Response(text, { status }));
  return send("GET", "/api/project").catch((error: unknown) => error);
}

describe("a request", () => {
  test("goes out as JSON and comes back as JSON", async () => {
    const { send, sent } = sending(() => new Response('{"a":1}'));
    expect(await send("POST", "/api/x", { json: { b: 2 } })).toEqual({ a: 1 });
    expect(sent[0].init).toMatchObject({ method: "POST", body: '{"b":2}' });
    expect(sent[0].init.headers).toEqual({ "Content-Type": "application/json" });
  });
  test("an empty answer is null", async () => {
    const { send } = sending(() => new Response(null, { status: 204 }));
    expect(await send("DELETE", "/api/x")).toBeNull();
  });
  test("a file goes out as it is", async () => {
    const { send, sent } = sending(() => new Response("{}"));
    const body = new Blob(["x"]);
    await send("POST", "/api/import/coco", { body });
    expect(sent[0].init.body).toBe(body);
  });
});

describe("what comes back instead of an answer", () => {
  test("the server's sentence and word", async () => {
    const error = await failure(422, { detail: "Too few points.", code: "points" });
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ message: "Too few points.", status: 422, code: "points" });
  });
  test("a conflict knows the version", async () => {
    const body = { detail: "changed", code: "conflict", current_version: 7 };
    expect(await failure(409, body)).toMatchObject({ currentVersion: 7 });
    expect(await failure(409, body)).toBeInstanceOf(ConflictError);
  });
  test("superseded and other 409 are no conflicts", async () => {
    const none = { current_version: null };
    const superseded = await failure(409, { detail: "", code: "superseded", ...none });
    expect(superseded).toBeInstanceOf(SupersededError);
    const changed = await failure(409, { detail: "another size", code: "changed", ...none });
    expect(changed).not.toBeInstanceOf(ConflictError);
  });
  test("401 wants a token", async () => {
    const error = await failure(401, { detail: "log in", code: "login" });
    expect(error).toBeInstanceOf(UnauthorizedError);
  });
  test("stalled, busy, full or behind a broken proxy: the request can be sent again", async () => {
    for (const status of [408, 429, 502, 503, 504, 507]) {
      expect(await failure(status, "<html>")).toBeInstanceOf(UnreachableError);
    }
    expect(await failure(507, { detail: "the disk is full", code: "disk_full" })).toMatchObject({
      message: "the disk is full",
    });
  });
  test("an answer that is no JSON still gives a sentence", async () => {
    expect(await failure(500, "oops")).toMatchObject({ message: "The server answered 500." });
  });
  test("no network", async () => {
    const { send } = sending(() => Promise.reject(new TypeError("Failed to fetch")));
    await expect(send("GET", "/api/x")).rejects.toBeInstanceOf(UnreachableError);
  });
  test("called off", async () => {
    const { send } = sending(silence);
    const abort = new AbortController();
    const asked = send("GET", "/api/x", { signal: abort.signal });
    abort.abort();
    await expect(asked).rejects.toBeInstanceOf(SupersededError);
    const again = send("GET", "/api/x", { signal: abort.signal });
    await expect(again).rejects.toBeInstanceOf(SupersededError);
  });
  test("no answer for too long counts as lost", async () => {
    const { send, clock } = sending(silence);
    const asked = send("GET", "/api/x").catch((error: unknown) => error);
    await settled();
    await clock.advance(1000);
    expect(await asked).toBeInstanceOf(UnreachableError);
  });
});
