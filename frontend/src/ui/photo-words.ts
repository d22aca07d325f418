/** What people are told about a photo whose file is not as it should be. */

import { troubleOf, type PhotoState } from "../core/photo-trouble";

/** In a list, after the name; null when all is well. */
export function troubleWords(photo: PhotoState): string | null {
  switch (troubleOf(photo)) {
    case "missing": return "missing";
    case "unreadable": return `cannot be read: ${photo.problem}`;
    case "changed": return "replaced since its objects were drawn";
    case null: return null;
  }
}

/** Beside a photo that is shown nevertheless; null when there is nothing to say. */
export function photoNote(photo: PhotoState & { readonly objects: readonly unknown[] }): string | null {
  switch (troubleOf(photo)) {
    case "missing":
      return photo.objects.length > 0
        ? "This photo is no longer in the folder. Its objects are kept."
        : "This photo is no longer in the folder.";
    case "changed":
      return "This photo was replaced after its objects were drawn. They may not fit it.";
    default: return null;
  }
}
