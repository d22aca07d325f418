/** What comes after the draft: clicked while its mask is awaited, or waiting for its own turn. */

import {
  begunAhead, clickedAhead, draftAhead, lastChanged, takenBack, type ObjectAhead,
} from "./ahead";
import type { DraftContent } from "./draft";
import type { Point } from "./types";

export interface TakenAhead {
  readonly ahead: readonly ObjectAhead[];
  readonly classAhead: number | null;
}

export class NextObjects {
  /** What was clicked after Enter while the mask was still awaited. */
  #ahead: readonly ObjectAhead[] = [];
  /** The class that was chosen after Enter: of what comes next. */
  #classAhead: number | null = null;
  /** Refused by the server while another draft was at work: they come after it. */
  #waiting: readonly DraftContent[] = [];

  /** Of what was clicked ahead, in image pixels. */
  get points(): readonly Point[] {
    return this.#ahead.flatMap(({ points }) => points);
  }

  /** All of them as drafts, the next one first. */
  get drafts(): readonly DraftContent[] {
    return [...this.#ahead.map(draftAhead), ...this.#waiting];
  }

  get clicked(): boolean {
    return this.#ahead.length > 0;
  }

  /** The last, unless Enter was pressed for it. */
  get begun(): ObjectAhead | null {
    return begunAhead(this.#ahead);
  }

  /** With another image; nothing else is left. */
  begin(waiting: readonly DraftContent[] = []): void {
    this.#ahead = [];
    this.#waiting = waiting;
  }

  /** After all others. */
  add(draft: DraftContent): void {
    this.#waiting = [...this.#waiting, draft];
  }

  /** @param classOfDraft of the object before them all. */
  click(point: Point, classOfDraft: number): void {
    const classId = this.#classAhead ?? this.#ahead.at(-1)?.classId ?? classOfDraft;
    this.#ahead = clickedAhead(this.#ahead, point, classId);
  }

  /** The last point clicked; false where none was begun. */
  move(to: Point): boolean {
    const points = this.begun?.points;
    if (!points) return false;
    this.#ahead = lastChanged(this.#ahead, { points: points.with(-1, to) });
    return true;
  }

  /** Enter, for the one that was begun. */
  accept(): void {
    this.#ahead = lastChanged(this.#ahead, { accepted: true });
  }

  /** The class of what comes next. True: one was begun, which has it now. */
  choose(classId: number): boolean {
    this.#classAhead = classId;
    if (!this.begun) return false;
    this.#ahead = lastChanged(this.#ahead, { classId });
    return true;
  }

  /** The last click or Enter is no more; false where there was none. */
  takeBack(): boolean {
    if (!this.clicked) return false;
    this.#ahead = takenBack(this.#ahead);
    return true;
  }

  /** False where none was begun. */
  dropBegun(): boolean {
    if (!this.begun) return false;
    this.#ahead = this.#ahead.slice(0, -1);
    return true;
  }

  /** The draft is not accepted after all: what was clicked for later comes when it is done with. */
  wait(): void {
    this.#waiting = this.drafts;
    this.#ahead = [];
    this.#classAhead = null;
  }

  /** The first that waits; null for none. */
  take(): DraftContent | null {
    const [first = null, ...others] = this.#waiting;
    this.#waiting = others;
    return first;
  }

  /** What was clicked ahead is begun now. */
  takeAhead(): TakenAhead {
    const ahead = this.#ahead;
    this.#ahead = [];
    return { ahead, classAhead: this.#classAhead };
  }

  /** Those after the first, which awaits its mask now. */
  putAhead(ahead: readonly ObjectAhead[], classAhead: number | null): void {
    this.#ahead = ahead;
    this.#classAhead = classAhead;
  }
}
