import { describe, expect, it, vi } from "vitest";

import { RefusedError, TileStore, type TileLoader } from "./tile-store";
import { nameOf, type TileAddress } from "./tiles";

interface Picture { width: number; height: number; name: string }

const tile = (column: number): TileAddress => ({ level: 0, column, row: 0 });
const settle = () => new Promise((done) => setTimeout(done, 0));

function instantLoader(asked: string[]): TileLoader<Picture> {
  return (wanted) => {
    asked.push(nameOf(wanted));
    return Promise.resolve({ width: 10, height: 10, name: nameOf(wanted) });
  };
}

describe("the tile store", () => {
  it("fetches a wanted tile once and says that it came", async () => {
    const asked: string[] = [];
    const arrived = vi.fn();
    const store = new TileStore(instantLoader(asked), 10_000, arrived);
    store.want([tile(1)]);
    store.want([tile(1)]);
    await settle();
    store.want([tile(1)]);
    expect(asked).toEqual(["0/1/0"]);
    expect(arrived).toHaveBeenCalledTimes(1);
    expect(store.get(tile(1))?.name).toBe("0/1/0");
  });

  it("is at rest when it says that the last tile came", async () => {
    const busy: boolean[] = [];
    const store: TileStore<Picture> = new TileStore(instantLoader([]), 10_000, () => busy.push(store.busy));
    store.want(Array.from({ length: 7 }, (_, i) => tile(i)));
    await settle();
    expect(busy).toHaveLength(7);
    expect(busy[0]).toBe(true);
    expect(busy.at(-1)).toBe(false);
  });

  it("asks for six at a time, the most urgent first", () => {
    const asked: string[] = [];
    const store = new TileStore<Picture>((wanted) => {
      asked.push(nameOf(wanted));
      return new Promise(() => undefined);
    }, 10_000, () => undefined);
    store.want(Array.from({ length: 9 }, (_, i) => tile(8 - i)));
    expect(asked).toEqual(["0/8/0", "0/7/0", "0/6/0", "0/5/0", "0/4/0", "0/3/0"]);
  });

  it("calls off what is no longer wanted", () => {
    const signals: AbortSignal[] = [];
    const store = new TileStore<Picture>((_, signal) => {
      signals.push(signal);
      return new Promise(() => undefined);
    }, 10_000, () => undefined);
    store.want([tile(1)]);
    store.want([tile(2)]);
    expect(signals[0]!.aborted).toBe(true);
    expect(signals[1]!.aborted).toBe(false);
  });

  it("forgets those looked at longest ago when it is full", async () => {
    const store = new TileStore(instantLoader([]), 450, () => undefined);
    store.want([tile(1), tile(2), tile(3), tile(4)]);
    await settle();
    store.get(tile(1));
    store.want([tile(5)]);
    await settle();
    expect(store.get(tile(1))).toBeDefined();
    expect(store.get(tile(5))).toBeDefined();
    expect(store.get(tile(2))).toBeUndefined();
  });

  it("tries a failed tile again, but not at once", async () => {
    let time = 0;
    let calls = 0;
    let again = () => {};
    const store = new TileStore<Picture>(() => {
      calls += 1;
      return Promise.reject(new Error("no answer"));
    }, 1000, () => undefined, () => time, (call) => {
      again = call;
    });
    store.want([tile(1)]);
    await settle();
    store.want([tile(1)]);
    await settle();
    expect(calls).toBe(1);
    time = 3000;
    again();
    expect(calls).toBe(2);
  });

  it("leaves a tile alone that was refused", async () => {
    let time = 0;
    let calls = 0;
    const waits: number[] = [];
    const store = new TileStore<Picture>(() => {
      calls += 1;
      return Promise.reject(new RefusedError("no such photo"));
    }, 1000, () => undefined, () => time, (_, ms) => waits.push(ms));
    store.want([tile(1)]);
    await settle();
    time = 50_000;
    store.want([tile(1)]);
    await settle();
    expect([calls, waits]).toEqual([1, [60_000]]);
    time = 60_000;
    store.want([tile(1)]);
    expect(calls).toBe(2);
  });
});
