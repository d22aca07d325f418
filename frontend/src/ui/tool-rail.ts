import type { Tool } from "../core/state";
import type { Command } from "../core/shortcuts";
import { commandButton, keepFocus } from "./buttons";
import type { PageContext, Part } from "./context";
import { h } from "./dom";
import type { IconName } from "./icons";

const TOOLS: readonly (readonly [Tool, Command, IconName, string])[] = [
  ["points", "tool-points", "points", "Points"],
  ["brush", "tool-brush", "brush", "Brush"],
  ["eraser", "tool-eraser", "eraser", "Eraser"],
  ["polygon", "tool-polygon", "polygon", "Outline"],
  ["select", "tool-select", "select", "Select"],
];

/** The tools, one above the other. */
export function toolRail(context: PageContext, view: HTMLElement): Part {
  const buttons = TOOLS.map(([tool, command, name, label]) => {
    const button = commandButton(context, command, name, label);
    return { tool, button };
  });
  const undo = commandButton(context, "undo", "undo", "Undo");
  const redo = commandButton(context, "redo", "redo", "Redo");
  const element = h("nav", { class: "rail", "aria-label": "Tools" },
    h("div", { class: "rail-group", role: "toolbar", "aria-label": "Tools", "aria-orientation": "vertical" },
      ...buttons.map(({ button }) => button)),
    h("div", { class: "rail-group", role: "group", "aria-label": "History" }, undo, redo),
    h("div", { class: "spring" }), view);
  keepFocus(element);
  return {
    element,
    update: (state) => {
      for (const { tool, button } of buttons) {
        button.setAttribute("aria-pressed", String(tool === state.tool));
      }
      const { canUndo, canRedo, undoLabel, redoLabel } = state.history;
      // Not disabled: that would throw the keyboard's focus away.
      undo.setAttribute("aria-disabled", String(!canUndo));
      redo.setAttribute("aria-disabled", String(!canRedo));
      undo.title = undoLabel ? `Undo: ${undoLabel}  (Ctrl+Z)` : "Undo  (Ctrl+Z)";
      redo.title = redoLabel ? `Redo: ${redoLabel}  (Ctrl+Shift+Z)` : "Redo  (Ctrl+Shift+Z)";
    },
  };
}
