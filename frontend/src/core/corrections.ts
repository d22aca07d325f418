/** Changes by hand to a mask, as values: they can be kept, sent through JSON and done again. */

import { subtract, union, type Bitmap } from "./bitmap";
import { erased, painted } from "./brush";
import { edgeRedrawn } from "./edge";
import { grown, shrunk } from "./morphology";
import { filledHoles, largestPart } from "./parts";
import type { Patch } from "./reshape";
import { bitmapOf } from "./runs";
import type { Point, Size } from "./types";

export type Correction =
  | {
      readonly kind: "stroke";
      readonly path: readonly Point[];
      readonly radiusPx: number;
      readonly erase: boolean;
    }
  | { readonly kind: "edge"; readonly path: readonly Point[] }
  | { readonly kind: "patch"; readonly patch: Patch; readonly label: string }
  | { readonly kind: "fill-holes" | "keep-largest" | "grow" | "shrink" };

/** As the undo menu names it. */
export function labelOf(correction: Correction): string {
  switch (correction.kind) {
    case "stroke":
      return correction.erase ? "Erase" : "Brush";
    case "edge":
      return "Redraw edge";
    case "patch":
      return correction.label;
    case "fill-holes":
      return "Fill holes";
    case "keep-largest":
      return "Keep largest part";
    case "grow":
      return "Grow";
    case "shrink":
      return "Shrink";
  }
}

/** A new bitmap, or the same one where the correction changes nothing about it. */
export function corrected(bitmap: Bitmap, correction: Correction, size: Size): Bitmap {
  switch (correction.kind) {
    case "stroke":
      return correction.erase
        ? erased(bitmap, correction.path, correction.radiusPx)
        : painted(bitmap, correction.path, correction.radiusPx, size);
    case "edge":
      return edgeRedrawn(bitmap, correction.path, size);
    case "patch":
      return patched(bitmap, correction.patch);
    case "fill-holes":
      return filledHoles(bitmap);
    case "keep-largest":
      return largestPart(bitmap);
    case "grow":
      return grown(bitmap, size);
    case "shrink":
      return shrunk(bitmap, size);
  }
}

function patched(bitmap: Bitmap, patch: Patch): Bitmap {
  const more = patch.on.runs.length ? union(bitmap, bitmapOf(patch.on)) : bitmap;
  return patch.off.runs.length ? subtract(more, bitmapOf(patch.off)) : more;
}
