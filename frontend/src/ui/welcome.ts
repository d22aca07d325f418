/** In the canvas' place while there is no photo to show. */

import { sentenceOf } from "../core/errors";
import { troubleOf } from "../core/photo-trouble";
import type { SessionState } from "../core/state";
import type { PageContext, Part } from "./context";
import { h, setText } from "./dom";

interface Words {
  readonly title: string;
  readonly text: string;
  /** Whether looking for photos again may help. */
  readonly again: boolean;
}

export function welcome({ session }: PageContext): Part {
  const title = h("h2");
  const text = h("p", { class: "hint" });
  const again = h("button", {
    type: "button", class: "button", text: "Look for new photos", on: { click: () => void session.refreshPhotos() },
  });
  const element = h("div", { class: "welcome" }, title, text, again);
  return {
    element,
    update: (state) => {
      const words = welcomeWords(state);
      element.hidden = words === null;
      setText(title, words?.title ?? "");
      setText(text, words?.text ?? "");
      again.hidden = !words?.again;
    },
  };
}

/** Null while a photo is shown, or about to be. */
export function welcomeWords(state: SessionState): Words | null {
  const { image, phase, opening, project, notice } = state;
  if (image) {
    if (troubleOf(image) !== "unreadable") return null;
    return { title: "This photo cannot be read", text: sentenceOf(image.problem ?? ""), again: true };
  }
  if (phase === "starting" || phase === "locked" || opening) return null;
  if (phase === "failed") {
    return { title: "The server does not answer", text: notice?.text ?? "", again: false };
  }
  if (project?.counts.images !== 0) {
    return { title: "No image chosen", text: "Choose one below.", again: false };
  }
  return { title: "No photos yet", text: `Put photos into the folder “${project.photos_folder_name}”.`, again: true };
}
