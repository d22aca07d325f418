/** The draft's life: steps, predictions, acceptance, and being kept over a reload. */

import type { ObjectAhead } from "./ahead";
import { NOTHING_BETWEEN, type Desk, type PendingAction } from "./desk";
import {
  LEAST_POINTS,
  fieldsOf,
  maskOf,
  needsPrediction,
  newDraft,
  sameWork,
  type DraftContent,
  type Prediction,
} from "./draft";
import * as history from "./draft-history";
import type { EffortMeter } from "./effort-meter";
import type { KeptDraft, Keepsake } from "./keepsake";
import { NextObjects } from "./next-objects";
import type { Predictor } from "./predictor";
import type { Saver } from "./saver";
import type { Store } from "./store";
import type { Point } from "./types";

export interface DraftingPorts {
  readonly store: Store;
  readonly predictor: Predictor;
  readonly saver: Saver;
  readonly effort: EffortMeter;
  readonly keepsake: () => Keepsake;
}

const NONE_AHEAD: readonly Point[] = [];

export class Drafting {
  readonly #next = new NextObjects();
  /** Whether the browser keeps a draft of this page's: another page's of the image stays there. */
  #kept = false;

  constructor(private readonly ports: DraftingPorts) {}

  get content(): DraftContent | null {
    return this.ports.store.desk.steps.present.content;
  }

  /** A step of its own in undo; null discards the draft. */
  step(content: DraftContent | null, label: string): void {
    const { steps, doneAbove } = this.ports.store.desk;
    // Steps of a draft that was discarded before other things were done are no longer the last.
    const before = doneAbove && !this.content ? history.historyOf(null) : steps;
    this.#next.wait();
    const next = content ?? this.#next.take();
    this.#set({ steps: history.stepped(before, next, label), ...NOTHING_BETWEEN });
    this.keep();
  }

  /** The object begun after the one that is being accepted, if there is one; else the draft. */
  discard(): void {
    if (this.#next.dropBegun()) this.#aheadChanged();
    else this.step(null, "Discard");
  }

  /** While something is under the hand: no step, nothing kept. */
  replace(content: DraftContent): void {
    this.#set({ steps: history.replaced(this.ports.store.desk.steps, content) });
  }

  restoreSteps(steps: history.DraftHistory): void {
    this.#set({ steps });
    this.keep();
  }

  undo(): void {
    this.restoreSteps(history.undone(this.ports.store.desk.steps));
  }

  redo(): void {
    this.restoreSteps(history.redone(this.ports.store.desk.steps));
  }

  /** Asks for the prediction that is missing, if one is: after a login, or to try again. */
  ask(): void {
    this.#set({});
  }

  /** The photo's file was looked at again: what was refused because of it may come now. */
  photoKnown(): void {
    const { draftProblem, accepting } = this.ports.store.desk;
    if (draftProblem !== null && !accepting) this.ask();
  }

  /** Another image is shown: its draft, if one was left behind. */
  open(imageId: number, photo: string): void {
    const kept = this.ports.keepsake().draft(imageId, photo);
    this.ports.predictor.forget();
    this.ports.effort.begin(kept ?? undefined);
    this.#next.begin(kept?.waiting); // the others are kept with the image that is left
    this.#kept = kept !== null;
    const steps = history.historyOf(kept?.draft ?? null, kept?.past, kept?.label);
    this.#set({ steps, ...NOTHING_BETWEEN });
  }

  /** Puts an accepted draft back that the server refused: now, or after the one at work. */
  giveBack({ imageId, photo, draft }: PendingAction): void {
    const { image } = this.ports.store.desk;
    if (!draft) return;
    if (image?.id !== imageId) return this.#keepElsewhere(imageId, photo?.content, draft);
    if (this.content) this.#next.add(draft);
    else this.#set({ steps: history.historyOf(draft), ...NOTHING_BETWEEN });
    this.keep();
  }

  /**
   * Another page of this browser accepted or discarded the draft that it had restored too: here it
   * would become the same object once more.
   */
  endedElsewhere(imageId: number, { draft }: KeptDraft): void {
    const { image } = this.ports.store.desk;
    if (image?.id !== imageId || !this.content || !sameWork(this.content, draft)) return;
    this.#kept = false;
    this.step(null, "Discard");
    this.ports.store.tell("Another page of this browser has ended this draft. Undo brings it back.");
  }

  #keepElsewhere(imageId: number, photo: string | undefined, draft: DraftContent): void {
    if (photo === undefined) return;
    const keepsake = this.ports.keepsake();
    const kept = keepsake.draft(imageId, photo);
    keepsake.keepDraft(imageId, kept
      ? { ...kept, waiting: [...(kept.waiting ?? []), draft] }
      : { content: photo, draft, activeMs: 0, inputs: 0 });
  }

  keep(): void {
    const { image, steps } = this.ports.store.desk;
    if (!image) return;
    const { activeMs, inputs } = this.ports.effort.effort;
    const draft = this.content;
    const walk = { past: history.keptSteps(steps), label: steps.present.label };
    const waiting = this.#next.drafts;
    const kept = draft && { content: image.content, draft, ...walk, activeMs, inputs, waiting };
    if (kept || this.#kept) this.ports.keepsake().keepDraft(image.id, kept);
    this.#kept = kept !== null;
  }

  /** Enter: saves the draft, now or as soon as its mask is there. */
  accept(): void {
    const { store } = this.ports;
    const { image, draftProblem, accepting } = store.desk;
    const content = this.content;
    if (!content || !image) return;
    if (accepting && this.#next.clicked) return this.#acceptAhead();
    if (needsPrediction(content)) {
      if (draftProblem) store.warn(draftProblem);
      else store.set({ accepting: true });
      return;
    }
    const mask = maskOf(content, image);
    if (!mask) {
      this.#tellPointsNeeded(content);
    } else if (!mask.runs.length) {
      store.warn("There is nothing to accept: the mask is empty.");
    } else {
      store.together(() => this.#save(content, fieldsOf(content, mask)));
    }
  }

  /**
   * Resolves once everything that Enter was pressed for is on its way to the server; to false
   * where it could not be accepted after all, and the draft is still there.
   */
  accepted(): Promise<boolean> {
    const { store } = this.ports;
    if (!store.desk.accepting) return Promise.resolve(true);
    return new Promise((resolve) => {
      let awaited = this.content?.points;
      const stop = store.subscribe(({ accepting }) => {
        const now = this.content?.points;
        if (accepting) awaited = now;
        else {
          stop();
          resolve(now !== awaited);
        }
      });
    });
  }

  /** True: a click was taken for the object after the one that is being accepted. */
  takesAhead(point: Point): boolean {
    if (!this.ports.store.desk.accepting) return false;
    this.#next.click(point, this.content!.classId);
    this.#aheadChanged();
    return true;
  }

  /** The last point taken so follows the hand, as long as it is for a later object. */
  movesAhead(to: Point): void {
    if (this.#next.move(to)) this.ports.store.set({ ahead: this.#next.points });
  }

  /** True: the last click or Enter was for an object after the one being accepted: it is undone. */
  takesBackAhead(): boolean {
    if (!this.#next.takeBack()) return false;
    this.#aheadChanged();
    return true;
  }

  /** Shown, and kept over a reload: then it comes after the draft that it was to follow. */
  #aheadChanged(): void {
    this.ports.store.set({ ahead: this.#next.points });
    this.keep();
  }

  /** True: the class is not for the object that is being accepted, but for the one after it. */
  takesClassAhead(classId: number): boolean {
    if (!this.ports.store.desk.accepting) return false;
    if (this.#next.choose(classId)) this.#aheadChanged();
    return true;
  }

  predicted(prediction: Prediction, tookMs: number): void {
    const { store } = this.ports;
    const { steps, accepting } = store.desk;
    store.set({
      steps: history.withPrediction(steps, prediction),
      draftProblem: null,
      lastPredictionMs: tookMs,
    });
    const content = this.content;
    if (!content || needsPrediction(content)) return;
    this.keep();
    if (!accepting) return;
    store.set({ accepting: false });
    this.accept();
  }

  failed(problem: string, again: boolean): void {
    const { store } = this.ports;
    if (!this.content) return;
    if (again) return store.set({ draftProblem: problem });
    this.#next.wait();
    store.set({ draftProblem: problem, accepting: false, ahead: NONE_AHEAD });
  }

  #save(content: DraftContent, object: ReturnType<typeof fieldsOf>): void {
    const { store, saver, effort, predictor } = this.ports;
    const { image, objects, tool } = store.desk;
    if (!image) return;
    const base = objects.find(({ id }) => id === content.objectId) ?? null;
    const fields = base ? { ...object, visible: base.visible, locked: base.locked } : object;
    predictor.forget();
    const { ahead, classAhead } = this.#next.takeAhead();
    saver.act({
      imageId: image.id,
      label: base ? "Change object" : "Add object",
      changes: [{ id: base?.id ?? null, object: fields, base }],
      ...effort.take(),
      draft: content,
    });
    // A correcting tool was taken up for this object only; the next one starts with points.
    const armed = tool !== "select" && content.points.length ? "points" : tool;
    const next = ahead.length ? null : this.#next.take();
    this.#set({ steps: history.historyOf(next), ...NOTHING_BETWEEN, tool: armed });
    const classId = classAhead ?? content.classId;
    store.set({ selected: [], editing: null, classId });
    this.keep();
    this.#beginAhead(ahead, classAhead);
  }

  #tellPointsNeeded({ points }: Pick<DraftContent, "points">): void {
    const there = points.length === 1 ? "is 1" : points.length ? `are ${points.length}` : "are none";
    this.ports.store.tell(`${LEAST_POINTS} points are needed; there ${there}.`);
  }

  #acceptAhead(): void {
    const last = this.#next.begun;
    if (!last) return;
    if (last.points.length < LEAST_POINTS) return this.#tellPointsNeeded(last);
    this.#next.accept();
  }

  #beginAhead([first, ...others]: readonly ObjectAhead[], classAhead: number | null): void {
    if (!first) return;
    let next = newDraft(first.classId);
    for (const point of first.points) {
      next = { ...next, points: [...next.points, point] };
      this.step(next, "Point");
    }
    if (!first.accepted) return;
    this.ports.store.set({ accepting: true });
    this.#next.putAhead(others, classAhead);
    this.#aheadChanged();
  }

  #set(change: Partial<Desk>): void {
    const { store, predictor } = this.ports;
    this.#next.wait();
    store.set({ accepting: false, draftProblem: null, ahead: NONE_AHEAD, ...change });
    const { image } = store.desk;
    const content = this.content;
    if (content && image && needsPrediction(content)) predictor.want(image.id, content.points);
    else predictor.forget();
  }
}
