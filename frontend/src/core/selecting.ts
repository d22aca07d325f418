/** Choosing objects, and changing what is not their mask. */

import type { Deed } from "./deed";
import type { Drafting } from "./drafting";
import type { EffortMeter } from "./effort-meter";
import { holdsPixel } from "./runs";
import type { Saver } from "./saver";
import { fieldsOfObject } from "./shown-objects";
import type { ShownObject } from "./state";
import type { Store } from "./store";
import type { ObjectFields, Point } from "./types";

export type ObjectChoice = Partial<Pick<ObjectFields, "class_id" | "visible" | "locked">>;

export interface SelectingPorts {
  readonly store: Store;
  readonly drafting: Drafting;
  readonly saver: Saver;
  readonly effort: EffortMeter;
}

export class Selecting {
  constructor(private readonly ports: SelectingPorts) {}

  select(objectIds: readonly number[]): void {
    const { desk } = this.ports.store;
    const ids = objectIds.filter((id) => desk.objects.some((object) => object.id === id));
    const same =
      ids.length === desk.selected.length && ids.every((id, i) => id === desk.selected[i]);
    const editing = desk.editing !== null && ids.includes(desk.editing) ? desk.editing : null;
    this.ports.store.set(same ? { editing } : { selected: ids, editing });
  }

  edit(objectId: number): void {
    const { store, drafting } = this.ports;
    const object = store.desk.objects.find(({ id }) => id === objectId);
    if (!object) return;
    if (drafting.content) return store.tell("Accept or discard the draft first.");
    if (object.locked) return store.tell("This object is locked. Unlock it first.");
    store.set({ selected: [objectId], editing: objectId, tool: "points" });
  }

  objectAt(point: Point): number | null {
    const { objects, draft } = this.ports.store.desk;
    const [x, y] = [Math.round(point[0]), Math.round(point[1])];
    const hit = objects.findLast(
      ({ id, visible, mask }) => visible && id !== draft?.objectId && holdsPixel(mask, x, y),
    );
    return hit?.id ?? null;
  }

  toggle(objectId: number): void {
    const { selected } = this.ports.store.desk;
    const without = selected.filter((id) => id !== objectId);
    this.select(without.length < selected.length ? without : [...selected, objectId]);
  }

  /** Round and round in drawing order. */
  step(by: 1 | -1): void {
    const { objects, selected } = this.ports.store.desk;
    if (!objects.length) return;
    const at = objects.findIndex(({ id }) => id === selected.at(-1));
    const next = at < 0 ? (by > 0 ? 0 : -1) : (at + by) % objects.length;
    const object = objects.at(next);
    if (object) this.select([object.id]);
  }

  change(objectIds: readonly number[], change: ObjectChoice): void {
    const objects = this.ports.store.desk.objects.filter(({ id }) => objectIds.includes(id));
    if (change.class_id !== undefined && objects.some(({ locked }) => locked)) {
      return this.ports.store.tell("This object is locked. Unlock it first.");
    }
    const differ = objects.filter((object) => differs(object, change));
    if (!differ.length) return;
    this.#act(
      labelOf(change),
      differ.map((object) => ({
        id: object.id,
        object: { ...fieldsOfObject(object), ...change },
        base: object,
      })),
    );
  }

  toggleVisible(): void {
    const objects = this.#selected();
    const visible = objects.some((object) => !object.visible);
    this.change(objects.map(({ id }) => id), { visible });
  }

  toggleLock(): void {
    const objects = this.#selected();
    const locked = objects.some((object) => !object.locked);
    this.change(objects.map(({ id }) => id), { locked });
  }

  remove(objectIds: readonly number[]): void {
    const objects = this.ports.store.desk.objects.filter(({ id }) => objectIds.includes(id));
    if (objects.some(({ locked }) => locked)) {
      return this.ports.store.tell("This object is locked. Unlock it first.");
    }
    if (!objects.length) return;
    const label = objects.length > 1 ? `Delete ${objects.length} objects` : "Delete object";
    this.#act(label, objects.map((object) => ({ id: object.id, object: null, base: object })));
  }

  #selected(): readonly ShownObject[] {
    const { objects, selected } = this.ports.store.desk;
    return objects.filter(({ id }) => selected.includes(id));
  }

  #act(label: string, changes: Deed["changes"]): void {
    const { store, saver, effort } = this.ports;
    const { image } = store.desk;
    if (image) saver.act({ imageId: image.id, label, changes, ...effort.take() });
  }
}

function differs(object: ShownObject, change: ObjectChoice): boolean {
  const keys = Object.keys(change) as (keyof ObjectChoice)[];
  return keys.some((key) => change[key] !== object[key]);
}

function labelOf(change: ObjectChoice): string {
  if (change.class_id !== undefined) return "Change class";
  if (change.visible !== undefined) return change.visible ? "Show" : "Hide";
  return change.locked ? "Lock" : "Unlock";
}
