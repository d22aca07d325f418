/** The project as a whole: beginning, logging in, author, settings, looking again. */

import type { Api } from "./api";
import { UnauthorizedError, sentenceOf } from "./errors";
import type { Project, Settings } from "./types";
import type { Workshop } from "./workshop";

export class ProjectDesk {
  #begun = false;
  #catchingUp = false;
  #looking = false;
  /** The image that the page was opened for. */
  #wanted: number | undefined;

  constructor(
    private readonly api: Api,
    private readonly parts: Workshop,
  ) {}

  /** May be called again after it failed. */
  async start(imageId?: number): Promise<void> {
    const { store, gallery, saver, conflicts } = this.parts;
    this.#wanted = imageId;
    store.set({ phase: "starting" });
    if (!(await this.#readProject())) return;
    this.#begun = true;
    const habits = this.parts.keepsake().habits();
    const { brushRadiusPx, tolerancePx } = store.desk;
    store.set({
      brushRadiusPx: habits.brushRadiusPx ?? brushRadiusPx,
      tolerancePx: habits.tolerancePx ?? tolerancePx,
      classId: this.#classOf(habits.classId ?? null),
    });
    conflicts.restore();
    await saver.restore();
    await gallery.load();
    const first = imageId ?? habits.imageId;
    if (typeof first === "number") await gallery.open(first);
    // The image of last time may be gone; then the first will do.
    await this.#openAny();
    if (store.desk.phase === "starting") store.set({ phase: "ready" });
    void gallery.reach();
  }

  async login(token: string): Promise<void> {
    const { store, saver, drafting } = this.parts;
    try {
      await this.api.login(token);
    } catch (error) {
      return store.warn(sentenceOf(error));
    }
    store.set({ notice: null });
    if (!this.#begun) return this.start(this.#wanted);
    store.set({ phase: "ready" });
    saver.resume();
    drafting.ask();
    await this.reload();
  }

  async logout(): Promise<void> {
    await this.#told(() => this.api.logout());
    this.parts.store.set({ phase: "locked" });
  }

  async setAuthor(name: string): Promise<void> {
    await this.#told(async () => {
      await this.api.setAuthor(name);
      const { store } = this.parts;
      const { project } = store.desk;
      if (project) store.set({ project: { ...project, author: name } });
    });
  }

  async changeSettings(settings: Settings): Promise<void> {
    await this.#told(async () => {
      await this.api.changeSettings(settings);
      const { store } = this.parts;
      store.set({ settings: { ...store.desk.settings, ...settings } });
    });
  }

  async refreshPhotos(): Promise<void> {
    const { store, drafting } = this.parts;
    if (this.#looking) return store.tell("The photo folder is still being looked through.");
    this.#looking = true;
    try {
      await this.#told(() => this.api.refreshPhotos());
      await this.reload();
    } finally {
      this.#looking = false;
    }
    drafting.photoKnown();
  }

  async reload(): Promise<void> {
    const { gallery } = this.parts;
    if (!(await this.#readProject())) return;
    await gallery.load();
    await gallery.reread();
    await this.#openAny();
  }

  /** Quietly: what others did meanwhile to the classes, the counts and the open image. */
  async catchUp(): Promise<void> {
    const { store, gallery } = this.parts;
    if (store.desk.phase !== "ready" || this.#catchingUp) return;
    this.#catchingUp = true;
    try {
      this.#know(await this.api.project());
      const { image } = store.desk;
      if (image) await gallery.inquire(image.id);
    } catch (error) {
      // Nobody asked: what cannot be reached is said when something is to be saved.
      if (error instanceof UnauthorizedError) store.set({ phase: "locked" });
    } finally {
      this.#catchingUp = false;
    }
  }

  /** The first of the list, where nothing is open. */
  async #openAny(): Promise<void> {
    const { store, gallery } = this.parts;
    const [first] = store.desk.list.items;
    if (!store.desk.image && first) await gallery.open(first.id);
  }

  keepHabits(): void {
    const { image, classId, brushRadiusPx, tolerancePx, phase } = this.parts.store.desk;
    if (phase !== "ready") return;
    const imageId = image?.id ?? null;
    this.parts.keepsake().keepHabits({ imageId, classId, brushRadiusPx, tolerancePx });
  }

  async #readProject(): Promise<boolean> {
    const { store, nameProject } = this.parts;
    try {
      const project = await this.api.project();
      nameProject(`${project.name}/${project.photos_folder_name}`);
      this.#know(project);
      return true;
    } catch (error) {
      const locked = error instanceof UnauthorizedError;
      if (!locked) store.warn(sentenceOf(error));
      if (locked || !this.#begun) store.set({ phase: locked ? "locked" : "failed" });
      return false;
    }
  }

  #know(read: Project): void {
    const { store } = this.parts;
    const known = store.desk.project?.classes;
    // The same list stays the same value: it is not drawn anew under somebody's hand.
    const same = JSON.stringify(known) === JSON.stringify(read.classes);
    const project = known && same ? { ...read, classes: known } : read;
    store.set({ project, settings: project.settings });
    store.set({ classId: this.#classOf(store.desk.classId) });
  }

  /** The wanted class if there is such a one, else the first. */
  #classOf(wanted: number | null): number | null {
    const classes = this.parts.store.desk.project?.classes ?? [];
    return classes.some(({ id }) => id === wanted) ? wanted : (classes[0]?.id ?? null);
  }

  async #told(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.parts.gallery.failed(error);
    }
  }
}
