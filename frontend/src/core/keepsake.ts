/** What the browser keeps over a reload: drafts, what waits to be saved, and habits. */

import type { Pending } from "./desk";
import type { DraftContent } from "./draft";
import type { Step } from "./draft-history";
import type { Conflict } from "./state";

/** Text kept by the browser over reloads (localStorage); may throw when full or switched off. */
export interface Storage {
  get(key: string): string | null;
  set(key: string, text: string): void;
  remove(key: string): void;
  keys(): readonly string[];
  /** Calls with each text that another page of this browser took away. */
  onRemoved?(call: (key: string, text: string) => void): void;
}

export interface KeptDraft {
  /** Of the photo: on another photo the draft means nothing. */
  readonly content: string;
  readonly draft: DraftContent;
  /** What undo goes back to, and what the last step is called. */
  readonly past?: readonly Step[];
  readonly label?: string;
  readonly activeMs: number;
  readonly inputs: number;
  /** Drafts that the server refused while this one was at work: they come after it. */
  readonly waiting?: readonly DraftContent[];
}

export interface Habits {
  readonly imageId: number | null;
  readonly classId: number | null;
  readonly brushRadiusPx: number;
  readonly tolerancePx: number;
}

/** Where a browser lets no site keep anything, nothing is there to be read. */
function tried<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

export class Keepsake {
  /** Said once, until something can be kept again. */
  #told = false;

  constructor(
    private readonly storage: Storage,
    /** Names the project, so that two on one address do not mix. */
    private readonly project: string,
    private readonly full: (problem: string) => void,
  ) {}

  keepDraft(imageId: number, kept: KeptDraft | null): void {
    if (kept) this.#write(`draft/${imageId}`, kept);
    else this.#remove(`draft/${imageId}`);
  }

  draft(imageId: number, content: string): KeptDraft | null {
    const kept = this.#read(`draft/${imageId}`) as KeptDraft | null;
    return kept?.content === content ? kept : null;
  }

  /** The draft that such a text was, and its image; null where it was none of this project's. */
  removedDraft(key: string, text: string): { imageId: number; kept: KeptDraft } | null {
    const start = this.#key("draft/");
    if (!key.startsWith(start)) return null;
    const kept = tried(() => JSON.parse(text) as KeptDraft, null);
    return kept && { imageId: Number(key.slice(start.length)), kept };
  }

  /** Each on its own, so that two pages of one project do not lose each other's. */
  keepPending(entry: Pending): void {
    this.#write(`pending/${entry.requestId}`, entry);
  }

  forgetPending(requestId: string): void {
    this.#remove(`pending/${requestId}`);
  }

  pending(): readonly Pending[] {
    return this.#all<Pending>("pending/").sort((a, b) => a.order - b.order);
  }

  keepConflict(conflict: Conflict): void {
    this.#write(`conflict/${conflict.key}`, conflict);
  }

  forgetConflict(key: string): void {
    this.#remove(`conflict/${key}`);
  }

  conflicts(): readonly Conflict[] {
    return this.#all<Conflict>("conflict/");
  }

  keepHabits(habits: Habits): void {
    this.#write("habits", habits);
  }

  habits(): Partial<Habits> {
    return (this.#read("habits") as Partial<Habits> | null) ?? {};
  }

  #key(name: string): string {
    return `extremecut/${this.project}/${name}`;
  }

  #all<T>(prefix: string): T[] {
    const start = this.#key(prefix);
    return tried(() => this.storage.keys(), [])
      .filter((key) => key.startsWith(start))
      .map((key) => this.#read(key.slice(this.#key("").length)) as T | null)
      .filter((value) => value !== null);
  }

  #read(name: string): unknown {
    const text = tried(() => this.storage.get(this.#key(name)), null);
    // Half-written or someone else's: as if it were not there.
    return text === null ? null : tried(() => JSON.parse(text) as unknown, null);
  }

  #write(name: string, value: unknown): void {
    try {
      this.storage.set(this.#key(name), JSON.stringify(value));
      this.#told = false;
    } catch {
      if (this.#told) return;
      this.#told = true;
      this.full(
        "This browser keeps nothing more (its storage is full or switched off): a draft and what " +
          "is not saved yet would not survive a reload.",
      );
    }
  }

  #remove(name: string): void {
    tried(() => this.storage.remove(this.#key(name)), undefined);
  }
}
