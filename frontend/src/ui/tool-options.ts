/** The bar over the canvas: size of the brush, detail of the outline, corrections. */

import { BRUSH_PX, TOLERANCE_PX } from "../core/session";
import type { SessionState } from "../core/state";
import { commandButton, keepFocus, textButton } from "./buttons";
import type { PageContext, Part } from "./context";
import { h, setText } from "./dom";

const [LEAST_BRUSH, LARGEST_BRUSH] = BRUSH_PX;

/** The slider moves evenly for the eye: 0 to 1 stands for the least to the largest radius. */
export function brushFromSlider(value: number): number {
  return LEAST_BRUSH * (LARGEST_BRUSH / LEAST_BRUSH) ** value;
}

export function sliderFromBrush(radiusPx: number): number {
  return Math.log(radiusPx / LEAST_BRUSH) / Math.log(LARGEST_BRUSH / LEAST_BRUSH);
}

export function toolOptions(context: PageContext): Part {
  const { session } = context;
  const size = slider("Brush size", 0, 1, 0.01, (value) => session.setBrushRadius(brushFromSlider(value)));
  const detail = slider("Outline detail: distance from the mask's edge", ...TOLERANCE_PX, 0.25,
    (value) => session.setDetail(value));
  const brush = h("label", { class: "option" }, h("span", { text: "Size" }), size.input, size.output);
  const outline = h("label", { class: "option" }, h("span", { text: "Detail" }), detail.input, detail.output);
  const corrections = h("div", { class: "option", role: "group", "aria-label": "Corrections" },
    commandButton(context, "fill-holes", "holes", "Fill holes"),
    commandButton(context, "keep-largest", "largest", "Keep the largest part"),
    commandButton(context, "grow", "grow", "Grow by 1 px"),
    commandButton(context, "shrink", "shrink", "Shrink by 1 px"),
    commandButton(context, "split", "split", "Split into parts"),
    commandButton(context, "merge", "merge", "Merge selected objects"));
  const edit = commandButton(context, "edit", "edit", "Edit points");
  const remove = commandButton(context, "remove", "bin", "Delete");
  const accept = textButton("Accept", () => context.run("accept"), { keys: "Enter", class: "primary small" });
  const ending = h("div", { class: "option ending" }, edit, remove, accept);
  const element = h("div", { class: "options", role: "toolbar", "aria-label": "Options" },
    brush, outline, corrections, ending);
  keepFocus(element);
  return {
    element,
    update: (state) => {
      const some = state.selected.length > 0;
      const mask = state.draft?.mask != null;
      brush.hidden = state.tool !== "brush" && state.tool !== "eraser";
      outline.hidden = state.tool !== "polygon";
      corrections.hidden = !some && !mask;
      ending.hidden = !some && !state.draft;
      accept.hidden = !state.draft;
      edit.hidden = state.draft !== null || state.selected.length !== 1;
      element.hidden = brush.hidden && outline.hidden && corrections.hidden && ending.hidden;
      size.show(sliderFromBrush(state.brushRadiusPx), `${Math.round(2 * state.brushRadiusPx)} px`);
      detail.show(state.tolerancePx, outlineText(state));
    },
  };
}

function outlineText({ tolerancePx, polygon }: SessionState): string {
  const text = `${tolerancePx.toFixed(2).replace(/\.?0+$/, "")} px`;
  return polygon ? `${text} · ${polygon.vertexCount.toLocaleString("en")} vertices` : text;
}

function slider(
  label: string, min: number, max: number, step: number, input: (value: number) => void,
) {
  const element = h("input", {
    type: "range", min, max, step, "aria-label": label,
    on: { input: () => input(element.valueAsNumber) },
  });
  const output = h("output", {});
  return {
    input: element,
    output,
    show: (value: number, text: string) => {
      if (document.activeElement !== element || Math.abs(element.valueAsNumber - value) > step) {
        element.value = String(value);
      }
      element.setAttribute("aria-valuetext", text);
      setText(output, text);
    },
  };
}
