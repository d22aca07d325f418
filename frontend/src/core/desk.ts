/** The session's whole state: what it shows, and what only the session itself looks at. */

import type { DraftContent } from "./draft";
import { historyOf, type DraftHistory } from "./draft-history";
import type { PhotoMark } from "./photo-trouble";
import type { PolygonView } from "./polygon";
import type { Conflict, SessionState } from "./state";
import type { ImageObject, ImagePatch, MaskRuns, ObjectFields } from "./types";

/** One object of an action on its way; new ones have a negative id until the server gives one. */
export interface PendingChange {
  readonly id: number;
  readonly isNew: boolean;
  /** Null deletes. */
  readonly object: ObjectFields | null;
  /** As it was when the person changed it; null for new ones. */
  readonly base: ImageObject | null;
}

interface PendingEntry {
  readonly imageId: number;
  /** Of the image when this was done; none where it was not known. */
  readonly photo?: PhotoMark | undefined;
  /** Stays the same however often it is sent. */
  readonly requestId: string;
  /** Lower goes first. */
  readonly order: number;
}

export interface PendingAction extends PendingEntry {
  readonly kind: "action";
  readonly label: string;
  readonly changes: readonly PendingChange[];
  readonly seconds: number;
  readonly inputs: number;
  /** What was accepted, to be given back when the server refuses it. */
  readonly draft: DraftContent | null;
  /** Its changes mean something only together: all are sent, or none. */
  readonly whole?: boolean;
}

export interface PendingStep extends PendingEntry {
  readonly kind: "undo" | "redo";
}

export interface PendingPatch extends PendingEntry {
  readonly kind: "patch";
  readonly patch: Omit<ImagePatch, "version">;
}

export type Pending = PendingAction | PendingStep | PendingPatch;

export interface Shaped {
  readonly mask: MaskRuns;
  readonly polygon: PolygonView;
  readonly tolerancePx: number;
}

/** Changes of the classes, while they are the last thing done. */
export interface ClassSteps {
  readonly undoLabel: string | null;
  readonly redoLabel: string | null;
  /** What anything else that a person does changes. */
  readonly since: Pick<Desk, "steps" | "pending" | "image">;
}

export interface Desk extends SessionState {
  /** Not yet confirmed by the server, of all images, in the order of sending. */
  readonly pending: readonly Pending[];
  readonly retrying: { readonly problem: string; readonly attempts: number } | null;
  readonly steps: DraftHistory;
  /** Of the draft. */
  readonly accepting: boolean;
  readonly draftProblem: string | null;
  /** Server steps undone after the draft's own: they are redone before the draft's. */
  readonly undoneBelow: number;
  /** Actions since the draft's last step: they are undone before the draft's. */
  readonly doneAbove: number;
  /** Of those, the undone ones: they are redone after the draft's. */
  readonly undoneAbove: number;
  readonly classSteps: ClassSteps | null;
  /** The polygon while a vertex is under the hand. */
  readonly reshaping: PolygonView | null;
  /** The polygon as the hand left it, for as long as the mask is what became of it. */
  readonly shaped: Shaped | null;
}

/** The draft's last step is the last thing done. */
export const NOTHING_BETWEEN = { undoneBelow: 0, doneAbove: 0, undoneAbove: 0 } as const;

export function startingDesk(): Desk {
  return {
    phase: "starting",
    project: null,
    settings: {},
    list: {
      filter: { status: null, classId: null, reviewed: null, order: "path" },
      total: 0,
      items: [],
      loading: false,
    },
    image: null,
    opening: false,
    upcoming: null,
    objects: [],
    tool: "points",
    classId: null,
    brushRadiusPx: 10,
    tolerancePx: 1.25,
    selected: [],
    editing: null,
    draft: null,
    ahead: [],
    stroke: null,
    edge: null,
    polygon: null,
    saving: { state: "saved", waiting: 0, problem: null, attempts: 0 },
    history: { canUndo: false, canRedo: false, undoLabel: null, redoLabel: null },
    conflicts: NO_CONFLICTS,
    notice: null,
    lastPredictionMs: null,
    pending: [],
    retrying: null,
    steps: historyOf(null),
    accepting: false,
    draftProblem: null,
    ...NOTHING_BETWEEN,
    classSteps: null,
    reshaping: null,
    shaped: null,
  };
}

/** Null when something else was done since. */
export function lastClassSteps({ classSteps, steps, pending, image }: Desk): ClassSteps | null {
  const since = classSteps?.since;
  const last = since?.steps === steps && since.pending === pending && since.image === image;
  return last ? classSteps : null;
}

const NO_CONFLICTS: readonly Conflict[] = [];
