/** The list of images, the one that is open, and the one loaded ahead. */

import type { Api } from "./api";
import type { Drafting } from "./drafting";
import { SupersededError, UnauthorizedError, sentenceOf } from "./errors";
import { Listing } from "./listing";
import { samePhoto, samePhotoState } from "./photo-trouble";
import type { Saver } from "./saver";
import { keepingSame } from "./shown-objects";
import type { ImageFilter } from "./state";
import type { Store } from "./store";
import { countedAgain, summaryOf } from "./summaries";
import type { ImageDetail, ImageSummary } from "./types";

const OTHER_PROJECT =
  "Another project is served at this address now. Reload the page to work on that one.";

export interface GalleryPorts {
  readonly api: Api;
  readonly store: Store;
  readonly saver: Saver;
  readonly drafting: Drafting;
  /** Before another image is shown: nothing may stay under the hand. */
  readonly leaving: () => void;
}

export class Gallery {
  readonly #list: Listing;
  #opening = new AbortController();
  /** The image that was chosen and is not shown yet. */
  #chosen: number | null = null;
  /** One key after the other finds its image, however fast they come. */
  #finding: Promise<unknown> = Promise.resolve();
  readonly #asked = new Set<number>();
  #ahead: { readonly imageId: number; readonly image: Promise<ImageDetail> } | null = null;

  constructor(private readonly ports: GalleryPorts) {
    const { api, store } = ports;
    this.#list = new Listing({ api, store, failed: (error) => this.failed(error) });
  }

  /** The list from its start. */
  load(filter: Partial<ImageFilter> = {}): Promise<void> {
    return this.#list.load(filter);
  }

  more(): Promise<void> {
    return this.#list.more();
  }

  /** The list as far as the open image. */
  reach(): Promise<void> {
    return this.#list.reach();
  }

  /** Resolves when it is shown, or when another was chosen meanwhile. */
  async open(imageId: number): Promise<void> {
    const { store } = this.ports;
    this.#opening.abort();
    this.#chosen = imageId;
    const opening = (this.#opening = new AbortController());
    store.set({ opening: true });
    const ahead = this.#ahead?.imageId === imageId ? this.#ahead.image : null;
    try {
      const image = await this.#read(imageId, ahead, opening.signal);
      // What was accepted before its mask was there belongs to the image that is being left.
      const left = await this.ports.drafting.accepted();
      if (opening.signal.aborted) return;
      if (!left) return this.#stay(store.desk.draftProblem);
      if (this.#isOfOther(image)) return this.#stay(OTHER_PROJECT);
      store.together(() => this.#show(image));
      if (ahead) void this.#check(imageId);
      void this.#loadAhead(imageId);
    } catch (error) {
      if (opening.signal.aborted) return;
      this.#stay(null);
      this.failed(error);
    }
  }

  /** The image that is shown stays. */
  #stay(problem: string | null): void {
    const { store } = this.ports;
    this.#chosen = null;
    store.set({ opening: false });
    if (problem) store.warn(problem);
  }

  /** The neighbour in the list; false at its end. */
  async step(by: 1 | -1): Promise<boolean> {
    const found = this.#finding.then(() => this.#neighbour(by));
    this.#finding = found;
    const next = await found;
    if (next) await this.open(next.id);
    else this.ports.store.tell(by > 0 ? "This is the last image." : "This is the first image.");
    return next !== undefined;
  }

  /** The open image as the server has it now. */
  async reread(): Promise<void> {
    const { image } = this.ports.store.desk;
    if (image) await this.#check(image.id);
  }

  /** A picture of it was refused: by now the server may know what is wrong with the photo. */
  async inquire(imageId: number): Promise<void> {
    if (this.#asked.has(imageId)) return;
    this.#asked.add(imageId);
    try {
      this.#learn(await this.ports.api.image(imageId));
    } catch (error) {
      // Nobody asked for more than the picture.
      if (error instanceof UnauthorizedError) this.failed(error);
    } finally {
      this.#asked.delete(imageId);
    }
  }

  /** A change of the image is saved: the list, if it is in it, and the counts follow. */
  confirmed(image: ImageDetail, before: ImageDetail | null): void {
    const { store } = this.ports;
    const { list, project } = store.desk;
    const at = this.#list.place(image.id);
    const was = list.items[at] ?? (before && summaryOf(before));
    const now = summaryOf(image);
    const counts = project && was && countedAgain(project.counts, was, now);
    if (at >= 0) store.set({ list: { ...list, items: list.items.with(at, now) } });
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

  /**
   * Whether the number has become another project's: its server took the place of the one that
   * this page was opened on. From then on nothing is sent before it was looked at.
   */
  #isOfOther(image: ImageDetail): boolean {
    const { store, saver } = this.ports;
    const shown = store.desk.image;
    const before = shown?.id === image.id ? shown : store.desk.list.items[this.#list.place(image.id)];
    const other = before !== undefined && !samePhoto(before, image);
    if (other) saver.doubt();
    return other;
  }

  /** Of the image chosen last, shown or not. */
  async #neighbour(by: 1 | -1): Promise<ImageSummary | undefined> {
    const { store } = this.ports;
    const from = this.#chosen ?? store.desk.image?.id;
    if (this.#list.place(from) < 0) await this.reach();
    const at = this.#list.place(from) + by;
    if (at >= store.desk.list.items.length) await this.more();
    const next = at < 0 ? undefined : store.desk.list.items[at];
    if (next) this.#chosen = next.id;
    return next;
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
    this.#chosen = null;
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
    try {
      this.#learn(await this.ports.api.image(imageId));
    } catch (error) {
      this.failed(error);
    }
  }

  #learn(image: ImageDetail): void {
    const { store, saver } = this.ports;
    if (this.#isOfOther(image)) store.warn(OTHER_PROJECT);
    else this.#renew(saver.learn(image));
  }

  /** As the server has it now, in the list and shown. */
  #renew(image: ImageDetail): void {
    const { store, drafting } = this.ports;
    const shown = store.desk.image;
    const listed = store.desk.list.items[this.#list.place(image.id)];
    store.together(() => {
      if (listed && isNewer(image, listed)) this.confirmed(image, null);
      if (shown?.id !== image.id || !isNewer(image, shown)) return;
      store.set({ image: keepingSame(shown, image) });
      if (!samePhotoState(image, shown)) drafting.photoKnown();
    });
  }

  async #loadAhead(imageId: number): Promise<void> {
    const { api, store } = this.ports;
    const place = this.#list.place(imageId);
    const next = store.desk.list.items[place + 1];
    store.set({ upcoming: null });
    this.#ahead = null;
    if (!next || place < 0) return;
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

/** What becomes of a photo's file, a new name too, does not count as a version of the image. */
function isNewer(image: ImageDetail, than: ImageDetail | ImageSummary): boolean {
  if (image.version !== than.version) return image.version > than.version;
  return image.path !== than.path || !samePhotoState(image, than);
}
