/** The queue of what is to be saved: one at a time, in order, until the server has said yes. */

import type { Api } from "./api";
import type { Clock } from "./clock";
import type { Desk, Pending, PendingAction, PendingChange } from "./desk";
import type { Deed } from "./deed";
import { ApiError, ConflictError, UnauthorizedError, sentenceOf } from "./errors";
import type { Keepsake } from "./keepsake";
import { KnownImages } from "./known-images";
import type { PhotoMark } from "./photo-trouble";
import { givenIds, rebased, renamed } from "./rebase";
import { untilAnswered } from "./retry";
import { keepingSame } from "./shown-objects";
import type { Conflict } from "./state";
import type { Store } from "./store";
import type { ImageDetail, ImagePatch } from "./types";
import { WhoseProject } from "./whose-project";

export interface SaverPorts {
  readonly api: Api;
  readonly clock: Clock;
  readonly store: Store;
  readonly keepsake: () => Keepsake;
  readonly newId: () => string;
  /** The server has confirmed a change of this image; `before` is what was known until then. */
  readonly confirmed: (image: ImageDetail, before: ImageDetail | null) => void;
  readonly refused: (action: PendingAction) => void;
  readonly conflicted: (conflicts: readonly Conflict[]) => void;
}

type Unsent<T = Pending> = T extends Pending
  ? Omit<T, "requestId" | "order" | "photo">
  : never;

export class Saver {
  #running = false;
  #order = 0;
  #temporaryId = 0;
  #waiting = new Map<string, () => void>();
  #closed = new AbortController();
  readonly #whose: WhoseProject;
  readonly #known: KnownImages;

  constructor(private readonly ports: SaverPorts) {
    this.#whose = new WhoseProject(ports.api);
    this.#known = new KnownImages((id) => {
      const { pending, image } = ports.store.desk;
      return id === image?.id || pending.some(({ imageId }) => imageId === id);
    });
  }

  act(deed: Deed): void {
    const changes = deed.changes.map(({ id, object, base }): PendingChange => {
      const isNew = id === null;
      return { id: id ?? --this.#temporaryId, isNew, object, base };
    });
    void this.#add({ ...deed, kind: "action", changes, draft: deed.draft ?? null });
    const { steps, doneAbove } = this.ports.store.desk;
    if (steps.past.length) this.ports.store.set({ doneAbove: doneAbove + 1, undoneAbove: 0 });
  }

  undo(imageId: number): void {
    void this.#add({ kind: "undo", imageId });
  }

  redo(imageId: number): void {
    void this.#add({ kind: "redo", imageId });
  }

  /** Resolves when it is saved or refused. */
  patch(imageId: number, patch: Omit<ImagePatch, "version">): Promise<void> {
    return this.#add({ kind: "patch", imageId, patch });
  }

  /** The newest known form of an image. */
  known(imageId: number): ImageDetail | null {
    return this.#known.get(imageId);
  }

  /** An image as the server gave it; what is newer here is kept. Returns which is the newer. */
  learn(image: ImageDetail): ImageDetail {
    return this.#known.learn(image);
  }

  /** Nothing is sent before its photo was found to be the one that it was done on. */
  doubt(): void {
    this.#whose.doubt();
  }

  /**
   * After a reload: what was not confirmed then is sent again. What was done in another project
   * at this address waits in the browser until that one is back.
   */
  async restore(): Promise<void> {
    const { store, keepsake } = this.ports;
    const kept = keepsake().pending();
    const others = await this.#whose.imagesOfOthers(kept);
    const pending = kept.filter(({ imageId }) => !others.has(imageId));
    if (pending.length < kept.length) {
      store.warn("Work that was not saved belongs to another project of this address; it is kept.");
    }
    this.#order = kept.at(-1)?.order ?? 0;
    const ids = kept.flatMap((entry) =>
      entry.kind === "action" ? entry.changes.map(({ id }) => id) : [],
    );
    this.#temporaryId = Math.min(0, ...ids);
    store.set({ pending: [...pending, ...store.desk.pending] });
    this.resume();
  }

  /** Goes on after a login. */
  resume(): void {
    if (!this.#running) void this.#run();
  }

  close(): void {
    this.#closed.abort();
  }

  #add(entry: Unsent): Promise<void> {
    const { store, newId } = this.ports;
    const photo = this.#photoOf(entry.imageId);
    const whole = { ...entry, photo, requestId: newId(), order: ++this.#order } as Pending;
    this.ports.keepsake().keepPending(whole);
    const done = new Promise<void>((resolve) => this.#waiting.set(whole.requestId, resolve));
    store.set({ pending: [...store.desk.pending, whole] });
    this.resume();
    return done;
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      for (let next = this.#first(); next; next = this.#first()) await this.#save(next);
    } catch (error) {
      if (error instanceof UnauthorizedError) {
        this.doubt(); // Whoever answers after the login may be another.
        this.ports.store.set({ phase: "locked" });
      } else if (!this.#closed.signal.aborted) this.ports.store.warn(sentenceOf(error));
    } finally {
      this.#running = false;
    }
  }

  #first(): Pending | undefined {
    return this.#closed.signal.aborted ? undefined : this.ports.store.desk.pending[0];
  }

  async #save(entry: Pending): Promise<void> {
    try {
      await this.#sentOrRebased(entry);
    } catch (error) {
      const refusal = error instanceof ApiError && !(error instanceof UnauthorizedError);
      if (!refusal || this.#closed.signal.aborted) throw error;
      const { store, refused } = this.ports;
      this.#done(entry, {});
      const away = store.desk.image?.id !== entry.imageId && entry.kind === "action" && entry.draft;
      const kept = away && entry.photo ? ` (it is a draft on ${entry.photo.path} again)` : "";
      store.warn(`Not saved: ${error.message}${kept}`);
      if (entry.kind === "action") refused(entry);
    }
  }

  async #sentOrRebased(entry: Pending): Promise<void> {
    try {
      this.#saved(entry, await this.#answered((attempts) => this.#send(entry, attempts)));
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      await this.#conflict(entry);
    }
  }

  #answered<T>(attempt: (attempts: number) => Promise<T>): Promise<T> {
    const { clock, store } = this.ports;
    const failed = (problem: string, attempts: number): void =>
      store.set({ retrying: { problem, attempts } });
    return untilAnswered(attempt, { clock, failed, signal: this.#closed.signal });
  }

  async #send(entry: Pending, attempts: number): Promise<ImageDetail> {
    const { api } = this.ports;
    const { imageId, requestId: request_id } = entry;
    if (attempts > 1 || this.#whose.doubted) await this.#whose.imageFor(entry);
    const image = this.#known.get(imageId) ?? this.learn(await api.image(imageId));
    const { version } = image;
    const { signal } = this.#closed;
    switch (entry.kind) {
      case "patch":
        refuseUnseen(entry, image);
        return api.patchImage(imageId, { ...entry.patch, version });
      case "undo":
        return image.can_undo ? api.undo(imageId, { version, request_id }, signal) : image;
      case "redo":
        return image.can_redo ? api.redo(imageId, { version, request_id }, signal) : image;
      case "action": {
        const changes = entry.changes.map(({ id, isNew, object }) => ({
          id: isNew ? null : id,
          object,
        }));
        const { label: action, seconds, inputs } = entry;
        const body = { version, action, changes, seconds, inputs, request_id };
        return api.apply(imageId, body, signal);
      }
    }
  }

  #saved(entry: Pending, image: ImageDetail): void {
    const before = this.#known.get(entry.imageId);
    const now = keepingSame(before, image);
    this.#known.remember(now);
    const ids = entry.kind === "action" ? givenIds(entry, before, now) : new Map<number, number>();
    this.ports.store.together(() => {
      this.#done(entry, { ids, image: now });
      this.ports.confirmed(now, before);
    });
  }

  /** Takes an entry off the queue; later ones learn the ids that its objects were given. */
  #done(
    entry: Pending,
    { ids, image }: { ids?: ReadonlyMap<number, number>; image?: ImageDetail },
  ): void {
    const { store } = this.ports;
    this.ports.keepsake().forgetPending(entry.requestId);
    const { desk } = store;
    let pending = desk.pending.filter(({ requestId }) => requestId !== entry.requestId);
    const change: { -readonly [K in keyof Desk]?: Desk[K] } = { retrying: null };
    if (ids?.size && image) {
      pending = pending.map((other) =>
        other.kind === "action" && other.changes.some(({ id }) => ids.has(id))
          ? this.#kept({ ...other, changes: other.changes.map((one) => renamed(one, ids, image)) })
          : other,
      );
      change.selected = desk.selected.map((id) => ids.get(id) ?? id);
      change.editing = desk.editing === null ? null : (ids.get(desk.editing) ?? desk.editing);
    }
    if (image && desk.image?.id === image.id) change.image = image;
    store.set({ ...change, pending });
    this.#waiting.get(entry.requestId)?.();
    this.#waiting.delete(entry.requestId);
  }

  #kept(entry: Pending): Pending {
    this.ports.keepsake().keepPending(entry);
    return entry;
  }

  /** Someone else was faster: the image is loaded anew, and what does not contradict is sent. */
  async #conflict(entry: Pending): Promise<void> {
    const { store } = this.ports;
    const image = await this.#answered(() => this.#whose.imageFor(entry));
    const before = this.#known.get(image.id);
    const now = keepingSame(before, image);
    this.#known.remember(now);
    store.together(() => {
      if (store.desk.image?.id === now.id) store.set({ image: now });
      this.ports.confirmed(now, before);
      if (entry.kind === "patch") {
        refuseUnseen(entry, now);
        // Its answer was lost, or somebody else meant the same.
        if (isMarked(now, entry.patch)) return this.#done(entry, {});
      }
      if (entry.kind === "undo" || entry.kind === "redo") {
        this.#done(entry, {});
        store.warn(`Someone else changed this image. Look at it, then ${entry.kind} again.`);
      } else if (entry.kind === "action") {
        const { action, conflicts, dropped } = rebased(entry, now);
        this.ports.conflicted(conflicts);
        if (action) this.#replace(this.#kept(action));
        else this.#done(entry, {});
        if (!action && entry.whole) this.ports.refused(entry);
        // Conflicts speak for themselves: they stay shown until one form is chosen.
        if (dropped) store.warn(dropped);
        else if (!conflicts.length) {
          store.warn("Someone else changed this image meanwhile. It was reloaded; your work is kept.");
        }
      }
    });
  }

  #photoOf(imageId: number): PhotoMark | undefined {
    const shown = this.ports.store.desk.image;
    const image = this.#known.get(imageId) ?? (shown?.id === imageId ? shown : null);
    return image ? { path: image.path, content: image.content } : undefined;
  }

  #replace(entry: Pending): void {
    const { store } = this.ports;
    store.set({
      pending: store.desk.pending.map((old) => (old.requestId === entry.requestId ? entry : old)),
    });
  }
}

/**
 * A mark says that the objects fit the photo: nobody can mean one that came after he looked.
 *
 * @throws ApiError when the photo was replaced since.
 */
function refuseUnseen({ photo }: Pending, { path, content }: ImageDetail): void {
  if (!photo || photo.content === content) return;
  throw new ApiError(`${path} was replaced meanwhile: look at it, then mark it again.`, 409, "changed");
}

function isMarked(image: ImageDetail, { status, reviewed }: Omit<ImagePatch, "version">): boolean {
  const judged = status === undefined || image.status === status;
  return judged && (reviewed === undefined || (image.reviewed_by !== null) === reviewed);
}
