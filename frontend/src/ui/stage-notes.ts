/** What to do next, and how the photo is shown. */

import { takesPresses, troubleOf } from "../core/photo-trouble";
import type { SessionState } from "../core/state";
import type { ViewState } from "../view/view-state";
import { pointsShown } from "../view/marks-painter";
import { shownSides, SIDES, whatIsMissing } from "../view/points-guide";
import { commandButton, keepFocus, textButton } from "./buttons";
import type { PageContext, Part } from "./context";
import { h, setText } from "./dom";
import { zoomText, percent } from "./format";
import { popover } from "./popover";
import { icon } from "./icons";

/** One calm sentence, and a diamond of the four sides. */
export function guide(): Part {
  const dots = SIDES.map((side) => h("i", { class: `side side-${side}` }));
  const diamond = h("span", { class: "diamond", "aria-hidden": "true" }, ...dots);
  const text = h("span");
  const element = h("div", { class: "guide", role: "status" }, diamond, text);
  return {
    element,
    update: (state) => {
      const points = state.draft?.points ?? [];
      const sentence = guideText(state);
      element.hidden = sentence === "";
      setText(text, sentence);
      text.title = sentence;
      diamond.hidden = !takesPresses(state.image, state.tool) || state.tool !== "points" || points.length >= 4 || state.selected.length > 0;
      element.classList.toggle("problem", state.draft?.problem != null || savingTrouble(state) !== null);
      const shown = shownSides(points);
      SIDES.forEach((side, i) => dots[i]!.classList.toggle("shown", shown.has(side)));
    },
  };
}

const MORE = "Click more of the border, or drag along it to redraw it";

export function guideText(state: SessionState): string {
  const { draft, tool, selected } = state;
  const unsaved = savingTrouble(state);
  if (unsaved) return unsaved;
  if (!state.image || troubleOf(state.image) === "unreadable") return "";
  if (!takesPresses(state.image, tool)) return "The photo's file is missing: without it, points find no mask";
  if (draft?.problem) return draft.problem;
  if (tool === "brush" || tool === "eraser") {
    if (draft || selected.length === 1) return "";
    return tool === "brush" ? "Paint an object, or select one first" : "Select an object to erase from";
  }
  if (tool === "polygon") return draft || selected.length === 1 ? "" : "Select an object to see its outline";
  if (tool === "select") return selected.length > 0 ? "" : "Click an object, Shift+click for more";
  if (draft?.mask) {
    const [note] = draft.notes;
    return note ?? `Enter accepts. ${MORE}`;
  }
  if (draft) return draft.points.length >= 4 ? "" : whatIsMissing(draft.points);
  if (selected.length > 0 && pointsShown(state).length > 0) return MORE;
  return whatIsMissing([]);
}

/** Why nothing is saved, once trying again did not help: a blink of the network is not worth a word. */
function savingTrouble({ saving }: SessionState): string | null {
  return saving.attempts > 1 ? saving.problem : null;
}

/** Where the pointer is, and the zoom. */
export function readings(): Part {
  const place = h("output", { class: "place", "aria-hidden": "true" });
  const zoom = h("output", { class: "zoom", "aria-label": "Zoom" });
  const element = h("div", { class: "readings" }, place, zoom);
  return {
    element,
    update: ({ image }) => {
      element.hidden = !image || troubleOf(image) === "unreadable";
    },
    viewChanged: ({ scale, pointer }) => {
      setText(zoom, zoomText(scale));
      setText(place, pointer ? `${Math.round(pointer[0])}, ${Math.round(pointer[1])}` : "");
    },
  };
}

/** Zoom, and how the photo is shown. */
export function viewBar(context: PageContext): Part {
  const { view } = context;
  const tones = h("button", {
    type: "button", class: "icon-button", "aria-label": "Display", title: "Display: brightness, contrast, masks, loupe",
  }, icon("tones"));
  const rows = [
    row("Brightness", -9, 9, (value) => view.set({ tones: { ...view.state.tones, brightness: 1.15 ** value } })),
    row("Contrast", -9, 9, (value) => view.set({ tones: { ...view.state.tones, contrast: 1.15 ** value } })),
    row("Mask fill", 0, 10, (value) => view.set({ opacity: value / 10 })),
  ];
  const loupe = h("select", {
    "aria-label": "Loupe",
    on: { change: () => view.set({ loupe: loupe.value as ViewState["loupe"] }) },
  }, ...([["auto", "While placing points"], ["on", "Always"], ["off", "Never"]] as const)
    .map(([value, text]) => h("option", { value, text })));
  const panel = popover(tones, "Display", "display", ...rows.map(({ element }) => element),
    h("label", { class: "row" }, h("span", { text: "Loupe" }), loupe),
    textButton("As in the photo", () => context.run("reset-tones"), { keys: "T" }));
  const actual = textButton("1:1", () => context.run("zoom-actual"), { keys: "Shift+Z", class: "quiet square" });
  const element = h("div", {
    class: "rail-group", role: "toolbar", "aria-label": "View", "aria-orientation": "vertical",
  }, commandButton(context, "zoom-in", "plus", "Zoom in"), commandButton(context, "zoom-out", "minus", "Zoom out"),
    commandButton(context, "zoom-fit", "fit", "Fit the image"), actual,
    commandButton(context, "toggle-masks", "eye", "Hide or show all masks"), tones, panel);
  keepFocus(element);
  const steps = (value: number) => Math.round(Math.log(value) / Math.log(1.15));
  return {
    element,
    update: () => undefined,
    viewChanged: (state) => {
      rows[0]!.show(steps(state.tones.brightness), percent(state.tones.brightness));
      rows[1]!.show(steps(state.tones.contrast), percent(state.tones.contrast));
      rows[2]!.show(Math.round(state.opacity * 10), percent(state.opacity));
      loupe.value = state.loupe;
      element.querySelector("[data-command=toggle-masks]")!
        .setAttribute("aria-pressed", String(!state.masksShown));
    },
  };
}

function row(label: string, min: number, max: number, input: (value: number) => void) {
  const range = h("input", {
    type: "range", min, max, step: 1, "aria-label": label,
    on: { input: () => input(range.valueAsNumber) },
  });
  const output = h("output");
  return {
    element: h("label", { class: "row" }, h("span", { text: label }), range, output),
    show: (value: number, text: string) => {
      range.value = String(value);
      setText(output, text);
    },
  };
}
