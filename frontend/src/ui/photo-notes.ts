/** A quiet line on the stage about the photo that is shown. */

import type { Part } from "./context";
import { h, setText } from "./dom";
import { photoNote } from "./photo-words";

export function photoNotes(): Part {
  const element = h("p", { class: "photo-note", role: "status" });
  return {
    element,
    update: (state, before) => {
      if (before && state.image === before.image) return;
      const text = state.image && photoNote(state.image);
      element.hidden = !text;
      setText(element, text ?? "");
    },
  };
}
