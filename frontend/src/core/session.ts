/** The editing session: what the page shows and everything a person can do, without a page. */

import type { Api } from "./api";
import type { Clock } from "./clock";
import type { Command } from "./shortcuts";
import type { ImageFilter, SessionState, Tool } from "./state";
import type { ImageStatus, ObjectFields, Point } from "./types";

/** Text kept by the browser over reloads (localStorage); may throw when full. */
export interface Storage {
  get(key: string): string | null;
  set(key: string, text: string): void;
  remove(key: string): void;
  keys(): readonly string[];
}

export interface SessionPorts {
  readonly api: Api;
  readonly clock: Clock;
  readonly storage: Storage;
  /** A fresh unguessable name (crypto.randomUUID). */
  readonly newId: () => string;
}

/** How a click or press was made. */
export interface PressOptions {
  /** How near to a point or vertex takes hold of it, in image pixels (so: screen px / zoom). */
  readonly grabPx: number;
  /** Shift: adds to the selection (select), draws straight on from the last stroke (brush). */
  readonly shift?: boolean;
  /** Alt: takes away the point or vertex that is hit. */
  readonly alt?: boolean;
}

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
  /** Stops timers and requests; the draft is kept in storage. */
  close(): void;

  /** Resolves when the image is shown; the draft left behind is kept and comes back with it. */
  openImage(imageId: number): Promise<void>;
  filter(filter: Partial<ImageFilter>): Promise<void>;
  loadMoreImages(): Promise<void>;
  setStatus(status: ImageStatus): Promise<void>;
  setReviewed(reviewed: boolean): Promise<void>;

  /** For the draft or the selected objects when there are any, and for what comes next. */
  chooseClass(classId: number): void;
  /** Resolves to whether it was added; a refusal is told in `state.notice`. */
  addClass(name: string, color: string): Promise<boolean>;
  changeClass(classId: number, change: { name?: string; color?: string; order?: number }): Promise<boolean>;
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
  changeObjects(
    objectIds: readonly number[],
    change: Partial<Pick<ObjectFields, "class_id" | "visible" | "locked">>,
  ): void;
  removeObjects(objectIds: readonly number[]): void;
  /** The topmost visible object whose mask holds the pixel, null for none. */
  objectAt(point: Point): number | null;
  /** What the pointer would take hold of: for the cursor's shape. */
  grabbedAt(point: Point, grabPx: number): "point" | "vertex" | "edge" | "object" | null;

  /** Ends a conflict: save mine over theirs, or drop mine. */
  resolveConflict(key: string, keep: "mine" | "theirs"): void;
  dismissNotice(): void;
}
