/**
 * What the server sends and takes, as JSON; masks are packed on the way (wire.ts).
 *
 * Coordinates are image pixels with (0, 0) in the centre of the top-left pixel, x before y.
 * Boxes are half-open whole pixels: x0, y0, x1, y1.
 */

/** x, y in image pixels; may lie outside the image. */
export type Point = readonly [x: number, y: number];

/** Half-open, in whole image pixels. */
export type Box = readonly [x0: number, y0: number, x1: number, y1: number];

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A mask inside its tight box: lengths of zeros and ones in turn, row by row, zeros first. */
export interface MaskRuns {
  readonly box: Box;
  readonly runs: readonly number[];
}

export const EMPTY_MASK: MaskRuns = { box: [0, 0, 0, 0], runs: [] };

export interface ObjectClass {
  readonly id: number;
  readonly name: string;
  /** "#rrggbb". */
  readonly color: string;
  readonly order: number;
}

/** What of an object can be changed. */
export interface ObjectFields {
  readonly class_id: number;
  readonly mask: MaskRuns;
  readonly points: readonly Point[];
  /** 0 to 1; null when no model said it. */
  readonly confidence: number | null;
  readonly visible: boolean;
  readonly locked: boolean;
}

export interface ImageObject extends ObjectFields {
  readonly id: number;
  readonly author: string;
  /** Active seconds spent on it. */
  readonly seconds: number;
  /** Clicks, strokes and keys spent on it. */
  readonly inputs: number;
}

export type ImageStatus = "new" | "in_progress" | "done";

export interface ImageSummary extends Size {
  readonly id: number;
  /** Relative to the photo folder. */
  readonly path: string;
  readonly status: ImageStatus;
  readonly reviewed_by: string | null;
  /** How many. */
  readonly objects: number;
  readonly lowest_confidence: number | null;
  readonly version: number;
  /** Its file is no longer in the folder. */
  readonly missing: boolean;
  /** Its file is not what its objects were drawn on. */
  readonly changed: boolean;
  /** Why the photo cannot be read. */
  readonly problem: string | null;
  /** SHA-256 of the photo's bytes. */
  readonly content: string;
}

export interface ImageDetail extends Omit<ImageSummary, "objects"> {
  /** In drawing order: the last lies on top. */
  readonly objects: readonly ImageObject[];
  readonly can_undo: boolean;
  readonly can_redo: boolean;
  readonly undo_label: string | null;
  readonly redo_label: string | null;
  /** Tile levels: 0 is full resolution, n is 1/2^n. */
  readonly levels: number;
  readonly tile_px: number;
}

export interface ImagePage {
  readonly total: number;
  readonly images: readonly ImageSummary[];
}

export interface ImageQuery {
  readonly status?: ImageStatus;
  readonly class_id?: number;
  readonly reviewed?: boolean;
  readonly order?: "path" | "confidence";
  readonly offset?: number;
  readonly limit?: number;
}

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };
export type Settings = { readonly [key: string]: Json };

export interface ProjectCounts {
  readonly images: number;
  readonly done: number;
  readonly in_progress: number;
  readonly new: number;
  readonly missing: number;
  readonly changed: number;
  readonly unreadable: number;
  readonly objects: number;
}

export interface Project {
  readonly name: string;
  readonly photos_folder_name: string;
  readonly classes: readonly ObjectClass[];
  readonly author: string;
  readonly settings: Settings;
  readonly counts: ProjectCounts;
  readonly model: { readonly name: string; readonly sha256: string; readonly size_px: number };
  /** Of the program. */
  readonly version: string;
  readonly limits: { readonly [name: string]: number };
  /** Whether this server asks for a token. */
  readonly login: boolean;
  /** What everybody should know, one sentence each. */
  readonly notes: readonly string[];
}

export interface SegmentRequest {
  readonly image_id: number;
  readonly points: readonly Point[];
  /** A waiting request of the same stream with a lower sequence is dropped by the server. */
  readonly stream?: string;
  readonly sequence?: number;
}

export interface Segmentation {
  readonly mask: MaskRuns;
  readonly confidence: number | null;
  readonly box: Box;
  readonly notes: readonly string[];
  readonly milliseconds: number;
}

/** id null creates, object null deletes. */
export interface ObjectChange {
  readonly id: number | null;
  readonly object: ObjectFields | null;
}

export interface ActionRequest {
  readonly version: number;
  /** Named so in the undo menu. */
  readonly action: string;
  readonly changes: readonly ObjectChange[];
  readonly seconds: number;
  readonly inputs: number;
  /** Sent again after a lost answer, it makes the server answer without applying twice. */
  readonly request_id: string;
}

/** Undo or redo. */
export interface StepRequest {
  readonly version: number;
  readonly request_id: string;
}

export interface ImagePatch {
  readonly version: number;
  readonly status?: ImageStatus;
  readonly reviewed?: boolean;
}

export interface ImportReport {
  readonly images: number;
  readonly objects: number;
  readonly notes: readonly string[];
}

export interface EffortSummary {
  readonly name: string;
  readonly objects: number;
  /** Objects with measured time. */
  readonly timed: number;
  readonly median_seconds: number | null;
  readonly median_inputs: number | null;
  readonly total_seconds: number;
}

export interface Statistics {
  readonly images: number;
  readonly done: number;
  readonly reviewed: number;
  readonly total: EffortSummary;
  readonly by_author: readonly EffortSummary[];
  readonly by_class: readonly EffortSummary[];
}
