/** A session on the fake server, and short words for what a person does with it. */

import { createSession, type Session, type Storage } from "../session";
import type { ImageObject, Point } from "../types";
import { FakeClock, settled } from "./fake-clock";
import { FakeServer } from "./fake-server";

export class FakeStorage implements Storage {
  readonly texts = new Map<string, string>();
  full = false;
  /** In order of the pages that listen. */
  readonly #listeners: ((key: string, text: string) => void)[] = [];

  get(key: string): string | null {
    return this.texts.get(key) ?? null;
  }

  set(key: string, text: string): void {
    if (this.full) throw new Error("quota");
    this.texts.set(key, text);
  }

  remove(key: string): void {
    this.texts.delete(key);
  }

  onRemoved(call: (key: string, text: string) => void): void {
    this.#listeners.push(call);
  }

  /** What the browser tells its other pages: here, the one that was opened as number `page`. */
  tellRemoved(page: number, key: string, text: string): void {
    this.#listeners[page]?.(key, text);
  }

  keys(): readonly string[] {
    return [...this.texts.keys()];
  }
}

export interface AtWork {
  readonly session: Session;
  readonly server: FakeServer;
  readonly clock: FakeClock;
  readonly storage: FakeStorage;
  /** Presses and releases at each point. */
  readonly click: (...points: readonly Point[]) => void;
  readonly dragFrom: (from: Point, ...to: readonly Point[]) => void;
  /** Four clicks, the mask, Enter, and the server's answer. */
  readonly add: (x0: number, y0: number, x1: number, y1: number) => Promise<ImageObject>;
}

let ids = 0;

/** Given the server and storage of another, it is the same page after a reload. */
export async function atWork(from: Partial<AtWork> = {}, imageId?: number): Promise<AtWork> {
  const server = from.server ?? new FakeServer();
  const storage = from.storage ?? new FakeStorage();
  const clock = from.clock ?? new FakeClock();
  const newId = (): string => `id-${++ids}`;
  const session = createSession({ api: server.api(), clock, storage, newId });
  await session.start(imageId);
  await settled();
  const click = (...points: readonly Point[]): void => {
    for (const point of points) {
      session.press(point, { grabPx: 2 });
      session.release(point);
    }
  };
  return {
    session,
    server,
    clock,
    storage,
    click,
    dragFrom: (start, ...to) => {
      session.press(start, { grabPx: 2 });
      for (const point of to) session.drag(point);
      session.release(to.at(-1) ?? start);
    },
    add: async (x0, y0, x1, y1) => {
      click(...corners(x0, y0, x1, y1));
      await settled();
      session.run("accept");
      await settled();
      const object = session.state.image?.objects.at(-1);
      if (!object) throw new Error("nothing was saved");
      return object;
    },
  };
}

export function corners(x0: number, y0: number, x1: number, y1: number): readonly Point[] {
  return [[x0, y0], [x1, y0], [x1, y1], [x0, y1]];
}
