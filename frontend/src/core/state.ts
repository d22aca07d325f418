/** What the session knows at one moment. Values are never changed in place. */

import type { PhotoMark } from "./photo-trouble";
import type { PolygonView } from "./polygon";
import type {
  ImageDetail,
  ImageObject,
  ImageStatus,
  ImageSummary,
  MaskRuns,
  ObjectFields,
  Point,
  Project,
  Settings,
} from "./types";

export type Tool = "points" | "brush" | "eraser" | "select" | "polygon";

export interface ImageFilter {
  readonly status: ImageStatus | null;
  readonly classId: number | null;
  readonly reviewed: boolean | null;
  readonly order: "path" | "confidence";
}

export interface ImageList {
  readonly filter: ImageFilter;
  /** How many match the filter; more than `items` until all are loaded. */
  readonly total: number;
  readonly items: readonly ImageSummary[];
  readonly loading: boolean;
}

/** An object as it is to be drawn: with changes that the server has not yet confirmed. */
export interface ShownObject extends ImageObject {
  /** Negative ids are of objects that the server does not know yet. */
  readonly id: number;
  /** False while a change of it is on its way. */
  readonly saved: boolean;
}

/** An object being made or re-made; nothing of it is on the server yet. */
export interface Draft {
  /** The object whose points are being changed; null for a new one. Not drawn meanwhile. */
  readonly objectId: number | null;
  readonly classId: number;
  /** In the order of the clicks. */
  readonly points: readonly Point[];
  /** Prediction with corrections; null before the fourth point. */
  readonly mask: MaskRuns | null;
  readonly confidence: number | null;
  /** The mask does not yet belong to the points. */
  readonly predicting: boolean;
  /** Accepted before its mask was there: it is saved as soon as the mask comes. */
  readonly accepting: boolean;
  /** Why there is no prediction, as a sentence. */
  readonly problem: string | null;
  /** Remarks of the model about the points. */
  readonly notes: readonly string[];
}

/** A brush or eraser stroke under the hand: draw it as a line with round ends. */
export interface Stroke {
  readonly path: readonly Point[];
  readonly radiusPx: number;
  readonly erase: boolean;
}

export interface Saving {
  readonly state: "saved" | "saving" | "retrying";
  /** Actions that the server has not confirmed. */
  readonly waiting: number;
  /** Why it is being tried again. */
  readonly problem: string | null;
  /** How often it was tried in vain. */
  readonly attempts: number;
}

export interface History {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly undoLabel: string | null;
  readonly redoLabel: string | null;
}

/** Someone else changed the same object; both are kept until one is chosen. */
export interface Conflict {
  readonly key: string;
  readonly imageId: number;
  /** Of that image; none where it was not known. */
  readonly photo?: PhotoMark | undefined;
  readonly objectId: number;
  readonly mine: ObjectFields;
  /** Null: it was deleted. */
  readonly theirs: ImageObject | null;
}

export interface Notice {
  readonly kind: "info" | "problem";
  readonly text: string;
}

export interface SessionState {
  /** "locked": a token is wanted; "failed": the notice says why. */
  readonly phase: "starting" | "locked" | "ready" | "failed";
  readonly project: Project | null;
  readonly settings: Settings;
  readonly list: ImageList;
  /** As the server last confirmed it. */
  readonly image: ImageDetail | null;
  /** True from the choice of another image until it is here. */
  readonly opening: boolean;
  /** The image after this one, loaded ahead: its tiles may be fetched. */
  readonly upcoming: ImageDetail | null;
  /** In drawing order, the last on top. */
  readonly objects: readonly ShownObject[];
  readonly tool: Tool;
  /** Of the next object. */
  readonly classId: number | null;
  readonly brushRadiusPx: number;
  readonly tolerancePx: number;
  readonly selected: readonly number[];
  /** The selected object whose points are shown and take clicks. */
  readonly editing: number | null;
  readonly draft: Draft | null;
  /** Clicked after Enter while the mask is still awaited: points of the objects after the draft. */
  readonly ahead: readonly Point[];
  readonly stroke: Stroke | null;
  /** A line under the hand that the mask's edge will follow. */
  readonly edge: readonly Point[] | null;
  /** While the polygon tool is chosen and there is a draft or one selected object. */
  readonly polygon: PolygonView | null;
  readonly saving: Saving;
  readonly history: History;
  readonly conflicts: readonly Conflict[];
  readonly notice: Notice | null;
  /** How long the last prediction took, from asking to showing, in milliseconds. */
  readonly lastPredictionMs: number | null;
}

