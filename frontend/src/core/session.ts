/** The editing session: what the page shows and everything a person can do, without a page. */

import type { ClassChange } from "./api";
import { runCommand, type CommandPorts } from "./commands";
import type { Storage } from "./keepsake";
import { takesPresses } from "./photo-trouble";
import type { PressOptions } from "./pointing";
import { ProjectDesk } from "./project-desk";
import type { ObjectChoice } from "./selecting";
import type { Command } from "./shortcuts";
import type { ImageFilter, SessionState, Tool } from "./state";
import type { ImageStatus, Point } from "./types";
import { workshop, type SessionPorts } from "./workshop";

export type { PressOptions, SessionPorts, Storage };

/**
 * All methods return at once unless they say otherwise; whatever the server is asked for shows in
 * `state` when it has answered. No method throws for what a person or the network does: it is
 * told in `state.notice`, `state.saving` or `state.conflicts`.
 */
export interface Session {
  /** Never changed in place: compare parts by identity to know what to draw anew. */
  readonly state: SessionState;
  /** Called after every change. Returns the way to stop. */
  subscribe(listener: (state: SessionState, before: SessionState) => void): () => void;

  /** Loads the project, the list of images, and the image to begin with. Resolves when shown. */
  start(imageId?: number): Promise<void>;
  /** After state.phase was "locked". */
  login(token: string): Promise<void>;
  logout(): Promise<void>;
  setAuthor(name: string): Promise<void>;
  /** Merged into the project's settings and saved there. */
  changeSettings(settings: SessionState["settings"]): Promise<void>;
  /** Looks for photos that were added, moved or removed, and reloads the list. */
  refreshPhotos(): Promise<void>;
  /** Reloads project counts, list and image: after an import. */
  reload(): Promise<void>;
  /** The person comes back to the page: what others did meanwhile is shown. */
  catchUp(): Promise<void>;
  /** Stops timers and requests; the draft is kept in storage. */
  close(): void;

  /** Resolves when the image is shown; the draft left behind is kept and comes back with it. */
  openImage(imageId: number): Promise<void>;
  filter(filter: Partial<ImageFilter>): Promise<void>;
  loadMoreImages(): Promise<void>;
  /** A picture of the image was refused: its list entry and the stage will say why. */
  pictureRefused(imageId: number): void;
  setStatus(status: ImageStatus): Promise<void>;
  setReviewed(reviewed: boolean): Promise<void>;

  /** For the draft or the selected objects when there are any, and for what comes next. */
  chooseClass(classId: number): void;
  /** Resolves to whether it was added; a refusal is told in `state.notice`. */
  addClass(name: string, color: string): Promise<boolean>;
  changeClass(classId: number, change: ClassChange): Promise<boolean>;
  removeClass(classId: number): Promise<boolean>;

  chooseTool(tool: Tool): void;
  /** In image pixels, 0.5 to 500. */
  setBrushRadius(radiusPx: number): void;
  /** How far the shown polygon may lie from the mask's edge, 0 to 20 px. */
  setDetail(tolerancePx: number): void;

  /**
   * The main button went down. True: the session follows the drag (send `drag` and `release`);
   * false: the drag is the view's, to pan.
   */
  press(point: Point, options: PressOptions): boolean;
  drag(point: Point): void;
  release(point: Point): void;
  /** The press, and what it has done so far, is as if it had not been: a second finger came down. */
  letGo(): void;
  /** After the two presses that the browser sends first. */
  doubleClick(point: Point, options: PressOptions): void;
  /** The person panned, zoomed or looked around: time counts as active, no input is counted. */
  activity(): void;

  /** Anything of the table in shortcuts.ts that is not the view's own. */
  run(command: Command): void;

  /** Highlights objects; [] for none. */
  select(objectIds: readonly number[]): void;
  /** Selects one object and shows its points, to be moved or added to. */
  edit(objectId: number): void;
  /** From the object list: class, visible or locked of these objects. */
  changeObjects(objectIds: readonly number[], change: ObjectChoice): void;
  removeObjects(objectIds: readonly number[]): void;
  /** The topmost visible object whose mask holds the pixel, null for none. */
  objectAt(point: Point): number | null;
  /** What the pointer would take hold of: for the cursor's shape. */
  grabbedAt(point: Point, grabPx: number): "point" | "vertex" | "edge" | "object" | null;

  /** Ends a conflict: save mine over theirs, or drop mine. */
  resolveConflict(key: string, keep: "mine" | "theirs"): void;
  dismissNotice(): void;
}

/** Least and most, in image pixels. */
export const BRUSH_PX = [0.5, 500] as const;
export const TOLERANCE_PX = [0, 20] as const;

export function createSession(ports: SessionPorts): Session {
  const parts = workshop(ports);
  const { store, effort, saver, drafting, selecting, pointing, gallery, classing } = parts;
  const project = new ProjectDesk(ports.api, parts);

  const chooseTool = (tool: Tool): void => {
    if (pointing.holding) pointing.letGo();
    store.set({ tool });
  };
  const setBrushRadius = (radiusPx: number): void =>
    store.set({ brushRadiusPx: within(BRUSH_PX, radiusPx) });
  const setDetail = (tolerancePx: number): void =>
    store.set({ tolerancePx: within(TOLERANCE_PX, tolerancePx) });
  const patch = async (change: Parameters<typeof saver.patch>[1]): Promise<void> => {
    const { image } = store.desk;
    if (image) await saver.patch(image.id, change);
  };
  const setReviewed = (reviewed: boolean): Promise<void> => patch({ reviewed });
  const doneAndNext = (): void => {
    // The next image is on its way: nobody has seen it, so nobody can mean that it is done.
    if (store.desk.opening) return;
    if (store.desk.accepting) return void acceptedThenDone(store.desk.image?.id);
    if (drafting.content) return store.tell("Accept or discard the draft first.");
    void patch({ status: "done" });
    void gallery.step(1);
  };
  let doneAwaits = false;
  const acceptedThenDone = async (imageId: number | undefined): Promise<void> => {
    if (doneAwaits) return;
    doneAwaits = true;
    const accepted = await drafting.accepted();
    doneAwaits = false;
    if (accepted && store.desk.image?.id === imageId) doneAndNext();
  };
  const commands: CommandPorts = {
    ...parts,
    chooseClass: (classId) => classing.choose(classId),
    chooseTool,
    setBrushRadius,
    setDetail,
    stepImage: (by) => void gallery.step(by),
    doneAndNext,
    toggleReviewed: () => void setReviewed(!store.desk.image?.reviewed_by),
  };
  store.subscribe((now, before) => {
    const keys = ["image", "classId", "brushRadiusPx", "tolerancePx"] as const;
    if (keys.some((key) => now[key] !== before[key])) project.keepHabits();
  });

  return {
    get state() {
      return store.desk;
    },
    subscribe: (listener) => store.subscribe(listener),
    start: (imageId) => project.start(imageId),
    login: (token) => project.login(token),
    logout: () => project.logout(),
    setAuthor: (name) => project.setAuthor(name),
    changeSettings: (settings) => project.changeSettings(settings),
    refreshPhotos: () => project.refreshPhotos(),
    reload: () => project.reload(),
    catchUp: () => project.catchUp(),
    close: () => {
      drafting.keep();
      parts.predictor.forget();
      saver.close();
      gallery.close();
    },
    openImage: (imageId) => gallery.open(imageId),
    filter: (filter) => gallery.load(filter),
    loadMoreImages: () => gallery.more(),
    pictureRefused: (imageId) => void gallery.inquire(imageId),
    setStatus: (status) => patch({ status }),
    setReviewed,
    chooseClass: (classId) => {
      effort.input();
      classing.choose(classId);
    },
    addClass: (name, color) => classing.add(name, color),
    changeClass: (classId, change) => classing.change(classId, change),
    removeClass: (classId) => classing.remove(classId),
    chooseTool,
    setBrushRadius,
    setDetail,
    press: (point, options) =>
      takesPresses(store.desk.image, store.desk.tool) &&
      store.together(() => pointing.press(point, options)),
    drag: (point) => store.together(() => pointing.drag(point)),
    release: (point) => store.together(() => pointing.release(point)),
    letGo: () => store.together(() => pointing.takeBack()),
    doubleClick: (point) => pointing.doubleClick(point),
    activity: () => effort.activity(),
    run: (command) => runCommand(command, commands),
    select: (objectIds) => selecting.select(objectIds),
    edit: (objectId) => selecting.edit(objectId),
    changeObjects: (objectIds, change) => {
      effort.input();
      selecting.change(objectIds, change);
    },
    removeObjects: (objectIds) => {
      effort.input();
      selecting.remove(objectIds);
    },
    objectAt: (point) => selecting.objectAt(point),
    grabbedAt: (point, grabPx) => pointing.grabbedAt(point, grabPx),
    resolveConflict: (key, keep) => parts.conflicts.resolve(key, keep),
    dismissNotice: () => store.set({ notice: null }),
  };
}

function within([least, most]: readonly [number, number], value: number): number {
  return Math.min(most, Math.max(least, value));
}
