/** The classes: choosing one, changing the project's list of them, and taking that back. */

import type { Api, ClassChange } from "./api";
import { lastClassSteps } from "./desk";
import type { Drafting } from "./drafting";
import type { Selecting } from "./selecting";
import type { Store } from "./store";
import type { ObjectClass } from "./types";

export interface ClassingPorts {
  readonly api: Api;
  readonly store: Store;
  readonly drafting: Drafting;
  readonly selecting: Selecting;
  readonly failed: (error: unknown) => void;
}

/** A change of the list. */
interface Deed {
  readonly label: string;
  readonly undo: () => Promise<void>;
  readonly redo: () => Promise<void>;
}

export class Classing {
  #past: Deed[] = [];
  #future: Deed[] = [];

  constructor(private readonly ports: ClassingPorts) {}

  choose(classId: number): void {
    const { store, drafting, selecting } = this.ports;
    const { selected } = store.desk;
    const content = drafting.content;
    store.together(() => {
      if (drafting.takesClassAhead(classId)) {
        // What is being accepted keeps its class.
      } else if (content && content.classId !== classId) {
        drafting.step({ ...content, classId }, "Change class");
      } else if (!content && selected.length) selecting.change(selected, { class_id: classId });
      store.set({ classId });
    });
  }

  async add(name: string, color: string): Promise<boolean> {
    let id = 0;
    const redo = async (): Promise<void> => void ({ id } = await this.#add(name, color));
    const added = await this.#done(redo);
    if (added) this.#remember({ label: "Add class", undo: () => this.#remove(id), redo });
    return added;
  }

  async change(classId: number, change: ClassChange): Promise<boolean> {
    const before = this.#find(classId);
    const redo = (): Promise<void> => this.#change(classId, change);
    const changed = await this.#done(redo);
    if (!changed || !before) return changed;
    const keys = Object.keys(change) as (keyof ClassChange)[];
    const back = Object.fromEntries(keys.map((key) => [key, before[key]])) as ClassChange;
    this.#remember({ label: "Change class", undo: () => this.#change(classId, back), redo });
    return changed;
  }

  async remove(classId: number): Promise<boolean> {
    const before = this.#find(classId);
    let id = classId;
    const redo = (): Promise<void> => this.#remove(id);
    const removed = await this.#done(redo);
    if (!removed || !before) return removed;
    const { name, color, order } = before;
    const undo = async (): Promise<void> => {
      ({ id } = await this.#add(name, color));
      await this.#change(id, { order });
    };
    this.#remember({ label: "Remove class", undo, redo });
    return removed;
  }

  /** True: the last thing done was a change of the list, and is being taken back. */
  undo(): boolean {
    return this.#walk(this.#past, this.#future, "undo");
  }

  /** True: the last thing taken back was a change of the list, and is being done again. */
  redo(): boolean {
    return this.#walk(this.#future, this.#past, "redo");
  }

  #walk(from: Deed[], to: Deed[], way: "undo" | "redo"): boolean {
    const deed = lastClassSteps(this.ports.store.desk) ? from.pop() : undefined;
    if (!deed) return false;
    to.push(deed);
    this.#show();
    void this.#done(deed[way]);
    return true;
  }

  #remember(deed: Deed): void {
    if (!lastClassSteps(this.ports.store.desk)) this.#past = [];
    this.#past.push(deed);
    this.#future = [];
    this.#show();
  }

  #show(): void {
    const { store } = this.ports;
    const { steps, pending, image } = store.desk;
    const undoLabel = this.#past.at(-1)?.label ?? null;
    const redoLabel = this.#future.at(-1)?.label ?? null;
    store.set({ classSteps: { undoLabel, redoLabel, since: { steps, pending, image } } });
  }

  #find(classId: number): ObjectClass | undefined {
    return this.ports.store.desk.project?.classes.find(({ id }) => id === classId);
  }

  async #add(name: string, color: string): Promise<ObjectClass> {
    const added = await this.ports.api.addClass(name, color);
    this.#set((classes) => [...classes, added]);
    this.ports.store.set({ classId: this.ports.store.desk.classId ?? added.id });
    return added;
  }

  async #change(classId: number, change: ClassChange): Promise<void> {
    const changed = await this.ports.api.changeClass(classId, change);
    // Moving one class moves the others: the server knows the whole order.
    if (change.order !== undefined) {
      const { classes } = await this.ports.api.project();
      this.#set(() => classes);
    } else this.#set((classes) => classes.map((one) => (one.id === classId ? changed : one)));
  }

  async #remove(classId: number): Promise<void> {
    await this.ports.api.removeClass(classId);
    this.#set((classes) => classes.filter(({ id }) => id !== classId));
  }

  async #done(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.ports.failed(error);
      return false;
    }
  }

  #set(change: (classes: readonly ObjectClass[]) => readonly ObjectClass[]): void {
    const { store } = this.ports;
    const { project, classId } = store.desk;
    if (!project) return;
    const classes = change(project.classes);
    const known = classes.some(({ id }) => id === classId);
    store.set({
      project: { ...project, classes },
      classId: known ? classId : (classes[0]?.id ?? null),
    });
  }
}
