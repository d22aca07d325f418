/** Corrections of the draft, or else of the selected objects. */

import { union } from "./bitmap";
import { corrected, labelOf, type Correction } from "./corrections";
import type { Deed } from "./deed";
import { maskOf, needsPrediction, newDraft, withCorrection, type DraftContent } from "./draft";
import type { Drafting } from "./drafting";
import type { EffortMeter } from "./effort-meter";
import { partsOf } from "./parts";
import { bitmapOf, runsOf, sameMask } from "./runs";
import type { Saver } from "./saver";
import { fieldsOfObject } from "./shown-objects";
import type { ShownObject } from "./state";
import type { Store } from "./store";
import type { MaskRuns, ObjectFields } from "./types";

export interface CorrectingPorts {
  readonly store: Store;
  readonly drafting: Drafting;
  readonly saver: Saver;
  readonly effort: EffortMeter;
}

/** They go to one object only; the others to all selected. */
const BY_HAND: ReadonlySet<Correction["kind"]> = new Set(["stroke", "edge", "patch"]);
/** Splitting into more is hardly meant: specks are for the largest part or the eraser. */
const MOST_PARTS = 100;

export class Correcting {
  constructor(private readonly ports: CorrectingPorts) {}

  correct(correction: Correction): void {
    const { drafting, store } = this.ports;
    const label = labelOf(correction);
    if (drafting.content) return this.#correctDraft(drafting.content, correction, label);
    const objects = this.unlocked();
    if (!objects) return;
    if (BY_HAND.has(correction.kind)) {
      if (objects.length > 1) return store.tell("Select one object only to correct it by hand.");
      if (!objects.length) return this.#strokeOnNothing(correction);
    }
    if (!objects.length) return store.tell("Select an object first.");
    this.#correctObjects(objects, correction, label);
  }

  /** The selected objects; null, and said why, when one of them is locked. */
  unlocked(): readonly ShownObject[] | null {
    const { objects, selected } = this.ports.store.desk;
    const chosen = objects.filter(({ id }) => selected.includes(id));
    if (!chosen.some(({ locked }) => locked)) return chosen;
    this.ports.store.tell("This object is locked. Unlock it first.");
    return null;
  }

  /**
   * Every part becomes an object of its own; the largest keeps the object's place. A draft is
   * saved whole first: undo then walks back over the same steps, on the server only.
   */
  split(): void {
    const { drafting, store } = this.ports;
    const { image } = store.desk;
    const content = drafting.content;
    if (content && needsPrediction(content)) {
      return store.tell("The mask is not there yet: split it when it is.");
    }
    const objects = content ? [] : this.unlocked();
    if (!objects || !image) return;
    const mask = content ? maskOf(content, image) : (objects[0]?.mask ?? null);
    if (!mask || objects.length > 1) return store.tell("Select one object to split.");
    const parts = partsOf(bitmapOf(mask)).map(runsOf);
    if (parts.length < 2) return store.tell("The object has one part only.");
    if (parts.length > MOST_PARTS) {
      return store.tell(`The object has ${parts.length} parts: keep the largest, or erase some.`);
    }
    store.together(() => {
      const object = content ? this.#acceptedNow(content) : objects[0];
      if (!object) return;
      const alike = { ...fieldsOfObject(object), points: [], confidence: null };
      this.#act("Split", [
        { id: object.id, object: { ...alike, mask: parts[0] }, base: object },
        ...parts.slice(1).map((part) => ({ id: null, object: { ...alike, mask: part }, base: null })),
      ], { whole: true });
    });
  }

  /** The object that the draft has become. */
  #acceptedNow({ objectId }: DraftContent): ShownObject | undefined {
    this.ports.drafting.accept();
    const { objects } = this.ports.store.desk;
    return objects.find(({ id }) => id === objectId) ?? objects.at(-1);
  }

  /** The selected objects become the lowest of them. */
  merge(): void {
    const { store, drafting } = this.ports;
    if (drafting.content) return store.tell("Accept or discard the draft first.");
    const objects = this.unlocked();
    if (!objects) return;
    if (objects.length < 2) return store.tell("Select two or more objects to merge.");
    const mask = runsOf(union(...objects.map((object) => bitmapOf(object.mask))));
    const [first, ...others] = objects;
    const joined = { ...fieldsOfObject(first), mask, points: [], confidence: null };
    store.together(() => {
      this.#act("Merge", [
        { id: first.id, object: joined, base: first },
        ...others.map((object) => ({ id: object.id, object: null, base: object })),
      ], { whole: true });
      store.set({ selected: [first.id], editing: null });
    });
  }

  #correctDraft(content: DraftContent, correction: Correction, label: string): void {
    const { store, drafting } = this.ports;
    const { image } = store.desk;
    if (!image) return;
    const before = maskOf(content, image);
    const next = withCorrection(content, correction, image);
    const after = maskOf(next, image);
    if (before && after && sameMask(before, after)) return;
    if (!before && !after?.runs.length) return;
    drafting.step(next, label);
  }

  /** A brush on nothing begins an object that is painted by hand. */
  #strokeOnNothing(correction: Correction): void {
    const { store } = this.ports;
    const { classId } = store.desk;
    if (correction.kind !== "stroke" || correction.erase) return;
    if (classId === null) return store.tell("Add a class first.");
    this.#correctDraft(newDraft(classId), correction, labelOf(correction));
  }

  #correctObjects(objects: readonly ShownObject[], correction: Correction, label: string): void {
    const { image } = this.ports.store.desk;
    if (!image) return;
    const changes = objects.flatMap((object) => {
      const bitmap = bitmapOf(object.mask);
      const after = corrected(bitmap, correction, image);
      const mask = after === bitmap ? object.mask : runsOf(after);
      if (sameMask(mask, object.mask)) return [];
      return [{ id: object.id, object: withMask(object, mask), base: object }];
    });
    if (changes.length) this.#act(label, changes);
  }

  #act(label: string, changes: Deed["changes"], more: Pick<Deed, "whole"> = {}): void {
    const { store, saver, effort } = this.ports;
    const { image } = store.desk;
    if (image) saver.act({ imageId: image.id, label, changes, ...more, ...effort.take() });
  }
}

/** Erased to the last pixel, an object is no more: null. */
function withMask(object: ShownObject, mask: MaskRuns): ObjectFields | null {
  if (!mask.runs.length) return null;
  return { ...fieldsOfObject(object), mask, confidence: null };
}
