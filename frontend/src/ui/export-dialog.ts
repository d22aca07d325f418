import { sentenceOf } from "../core/errors";
import type { SessionState } from "../core/state";
import type { PageContext } from "./context";
import { formatChoice, openDialog } from "./dialogs";
import { h } from "./dom";
import { counted } from "./format";

const MOST_PX = 20;

/** What the server does not have yet is in no file that it writes. */
export function unsavedWords({ saving: { waiting } }: Pick<SessionState, "saving">): string[] {
  return waiting === 0 ? [] : [`${counted(waiting, "change")} not saved yet: not in the zip.`];
}

/** Says what a format would lose before anything is saved. */
export function openExport({ api, session, toast }: PageContext): void {
  const format = formatChoice();
  const tolerance = h("input", {
    type: "number", value: 1, min: 0, max: MOST_PX, step: 0.25, "aria-label": "Detail of polygons in pixels",
  });
  const losses = h("ul", { class: "losses", "aria-live": "polite" });
  const save = h("a", {
    class: "button primary", download: "", text: "Save zip",
    on: {
      click: (event) => {
        if (!save.hasAttribute("href")) return event.preventDefault();
        dialog.close();
        toast({ text: "The zip is on its way to the browser's downloads." });
      },
    },
  });
  let asked = 0;
  const show = async () => {
    const mine = ++asked;
    const px = tolerance.valueAsNumber;
    if (!(px >= 0 && px <= MOST_PX)) {
      // A link that the server refuses would say nothing but "failed".
      save.removeAttribute("href");
      const text = `Polygon detail is a number of pixels from 0 to ${MOST_PX}.`;
      return losses.replaceChildren(h("li", { class: "problem", text }));
    }
    save.href = api.exportUrl(format.value, px);
    losses.replaceChildren(h("li", { class: "hint", text: "Looking what would be lost …" }));
    let sentences: readonly string[];
    let problem = false;
    try {
      sentences = [...unsavedWords(session.state), ...await api.exportLosses(format.value, px)];
    } catch (error) {
      sentences = [sentenceOf(error)];
      problem = true;
    }
    if (mine !== asked) return;
    losses.replaceChildren(...(sentences.length > 0
      ? sentences.map((text) => h("li", { class: problem ? "problem" : "loss", text }))
      : [h("li", { class: "fine", text: "Nothing is lost in this format." })]));
  };
  format.addEventListener("change", () => void show());
  tolerance.addEventListener("input", () => void show());
  const dialog = openDialog("Export", "small-dialog",
    h("label", { class: "row" }, h("span", { text: "Format" }), format),
    h("label", { class: "row" }, h("span", { text: "Polygon detail, px" }), tolerance),
    losses, h("footer", {}, save));
  void show();
}
