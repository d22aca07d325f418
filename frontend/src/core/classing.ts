/** The classes: choosing one, and changing the project's list of them. */

import type { Api, ClassChange } from "./api";
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

export class Classing {
  constructor(private readonly ports: ClassingPorts) {}

  choose(classId: number): void {
    const { store, drafting, selecting } = this.ports;
    const { selected } = store.desk;
    const content = drafting.content;
    store.together(() => {
      if (content && content.classId !== classId) {
        drafting.step({ ...content, classId }, "Change class");
      } else if (!content && selected.length) selecting.change(selected, { class_id: classId });
      store.set({ classId });
    });
  }

  add(name: string, color: string): Promise<boolean> {
    return this.#done(async () => {
      const added = await this.ports.api.addClass(name, color);
      this.#set((classes) => [...classes, added]);
      this.ports.store.set({ classId: this.ports.store.desk.classId ?? added.id });
    });
  }

  change(classId: number, change: ClassChange): Promise<boolean> {
    return this.#done(async () => {
      const changed = await this.ports.api.changeClass(classId, change);
      // Moving one class moves the others: the server knows the whole order.
      if (change.order !== undefined) {
        const { classes } = await this.ports.api.project();
        this.#set(() => classes);
      } else this.#set((classes) => classes.map((one) => (one.id === classId ? changed : one)));
    });
  }

  remove(classId: number): Promise<boolean> {
    return this.#done(async () => {
      await this.ports.api.removeClass(classId);
      this.#set((classes) => classes.filter(({ id }) => id !== classId));
    });
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
