/** The list of images, the one that is open, and the one loaded ahead. */

import type { Api } from "./api";
import type { Drafting } from "./drafting";
import { SupersededError, UnauthorizedError, sentenceOf } from "./errors";
import type { Saver } from "./saver";
import { keepingSame } from "./shown-objects";
import type { ImageFilter } from "./state";
import type { Store } from "./store";
import { countedAgain, summaryOf } from "./summaries";
import type { ImageDetail, ImageQuery } from "./types";

export interface GalleryPorts {
  readonly api: Api;
  readonly store: Store;
  readonly saver: Saver;
  readonly drafting: Drafting;
  /** Before another image is shown: nothing may stay under the hand. */
  readonly leaving: () => void;
}

const PAGE = 200;

export class Gallery {
  #opening = new AbortController();
  #listing = 0;
  #ahead: { readonly imageId: number; readonly image: Promise<ImageDetail> } | null = null;

  constructor(private readonly ports: GalleryPorts) {}

  /** From the start of the list. */
  async load(filter: Partial<ImageFilter> = {}): Promise<void> {
    const { store } = this.ports;
    const { list } = store.desk;
    store.set({ list: { ...list, filter: { ...list.filter, ...filter }, loading: true } });
    await this.#page(0);
  }

  async more(): Promise<void> {
    const { store } = this.ports;
    const { list } = store.desk;
    if (list.loading || list.items.length >= list.total) return;
    store.set({ list: { ...list, loading: true } });
    await this.#page(list.items.length);
  }

  /** Resolves when it is shown, or when another was chosen meanwhile. */
  async open(imageId: number): Promise<void> {
    const { store } = this.ports;
    this.#opening.abort();
    const opening = (this.#opening = new AbortController());
    store.set({ opening: true });
    const ahead = this.#ahead?.imageId === imageId ? this.#ahead.image : null;
    try {
      const image = await this.#read(imageId, ahead, opening.signal);
      if (opening.signal.aborted) return;
      store.together(() => this.#show(image));
      if (ahead) void this.#check(imageId);
      void this.#loadAhead(imageId);
    } catch (error) {
      if (opening.signal.aborted) return;
      store.set({ opening: false });
      this.failed(error);
    }
  }

  /** The neighbour in the list; false at its end. */
  async step(by: 1 | -1): Promise<boolean> {
    const { store } = this.ports;
    const at = this.#place(store.desk.image?.id);
    if (at + by >= store.desk.list.items.length) await this.more();
    const next = at + by < 0 ? undefined : store.desk.list.items[at + by];
    if (next) await this.open(next.id);
    else store.tell(by > 0 ? "This is the last image." : "This is the first image.");
    return next !== undefined;
  }

  /** The open image as the server has it now. */
  async reread(): Promise<void> {
    const { image } = this.ports.store.desk;
    if (image) await this.#check(image.id);
  }

  /** A change of the image is saved: the list and the counts follow. */
  confirmed(image: ImageDetail): void {
    const { store } = this.ports;
    const { list, project } = store.desk;
    const at = this.#place(image.id);
    if (at < 0) return;
    const now = summaryOf(image);
    const counts = project && countedAgain(project.counts, list.items[at], now);
    store.set({ list: { ...list, items: list.items.with(at, now) } });
    if (project && counts) store.set({ project: { ...project, counts } });
  }

  failed(error: unknown): void {
    const { store } = this.ports;
    if (error instanceof SupersededError) return;
    if (error instanceof UnauthorizedError) store.set({ phase: "locked" });
    else store.warn(sentenceOf(error));
  }

  close(): void {
    this.#opening.abort();
  }

  #place(imageId: number | undefined): number {
    return this.ports.store.desk.list.items.findIndex(({ id }) => id === imageId);
  }

  async #page(offset: number): Promise<void> {
    const { api, store } = this.ports;
    const listing = ++this.#listing;
    try {
      const { total, images } = await api.images({
        ...queryOf(store.desk.list.filter),
        offset,
        limit: PAGE,
      });
      if (listing !== this.#listing) return;
      const { list } = store.desk;
      const items = [...list.items.slice(0, offset), ...images];
      store.set({ list: { ...list, total, items, loading: false } });
    } catch (error) {
      if (listing !== this.#listing) return;
      store.set({ list: { ...store.desk.list, loading: false } });
      this.failed(error);
    }
  }

  async #read(
    imageId: number,
    ahead: Promise<ImageDetail> | null,
    signal: AbortSignal,
  ): Promise<ImageDetail> {
    if (ahead) {
      try {
        return await ahead;
      } catch {
        // Loading ahead failed: that was no promise. Ask again.
      }
    }
    return this.ports.api.image(imageId, signal);
  }

  #show(image: ImageDetail): void {
    const { store, saver, leaving, drafting } = this.ports;
    leaving();
    store.set({
      image: keepingSame(store.desk.image, saver.learn(image)),
      opening: false,
      selected: [],
      editing: null,
      shaped: null,
    });
    drafting.open(image.id, image.content);
  }

  /** What was loaded ahead may have changed since. */
  async #check(imageId: number): Promise<void> {
    const { api, store, saver } = this.ports;
    try {
      const image = saver.learn(await api.image(imageId));
      const shown = store.desk.image;
      if (shown?.id !== imageId || image.version <= shown.version) return;
      store.set({ image: keepingSame(shown, image) });
    } catch (error) {
      this.failed(error);
    }
  }

  async #loadAhead(imageId: number): Promise<void> {
    const { api, store } = this.ports;
    const next = store.desk.list.items[this.#place(imageId) + 1];
    store.set({ upcoming: null });
    this.#ahead = null;
    if (!next || this.#place(imageId) < 0) return;
    const ahead = { imageId: next.id, image: api.image(next.id) };
    this.#ahead = ahead;
    try {
      const upcoming = await ahead.image;
      if (this.#ahead === ahead) store.set({ upcoming });
    } catch {
      if (this.#ahead === ahead) this.#ahead = null;
    }
  }
}

function queryOf({ status, classId, reviewed, order }: ImageFilter): ImageQuery {
  return {
    ...(status === null ? {} : { status }),
    ...(classId === null ? {} : { class_id: classId }),
    ...(reviewed === null ? {} : { reviewed }),
    order,
  };
}
