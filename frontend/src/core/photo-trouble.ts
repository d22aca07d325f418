/** What is wrong with a photo's file, and what can be done nevertheless. */

import type { Tool } from "./state";
import type { ImageSummary } from "./types";

export type PhotoTrouble = "missing" | "unreadable" | "changed";
export type PhotoState = Pick<ImageSummary, "missing" | "changed" | "problem" | "content">;

/** The worst of it; null for a photo as it should be. */
export function troubleOf({ missing, changed, problem }: PhotoState): PhotoTrouble | null {
  if (missing) return "missing";
  if (problem !== null) return "unreadable";
  return changed ? "changed" : null;
}

/** Where there is no picture a click means nothing; without the file no points can be answered. */
export function takesPresses(photo: PhotoState | null, tool: Tool): boolean {
  const trouble = photo && troubleOf(photo);
  return trouble === "missing" ? tool !== "points" : trouble !== "unreadable";
}

export function samePhotoState(a: PhotoState, b: PhotoState): boolean {
  return (
    a.missing === b.missing &&
    a.changed === b.changed &&
    a.problem === b.problem &&
    a.content === b.content
  );
}

/** What tells a photo from another project's with the same number. */
export type PhotoMark = Pick<ImageSummary, "path" | "content">;

/** A file may be moved or be replaced; one that is new in both is of another project. */
export function samePhoto(a: PhotoMark, b: PhotoMark): boolean {
  return a.path === b.path || a.content === b.content;
}
