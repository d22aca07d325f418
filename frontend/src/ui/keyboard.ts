/** Keys for everything, unless somebody is typing. */

import { goesOnWhileHeld, shortcutOf } from "../core/shortcuts";
import type { CanvasView } from "../view/canvas-view";
import type { AnyCommand } from "./context";
import { takesText } from "./dom";
import { pageCommandOf } from "./page-shortcuts";

export function listenToKeys(view: CanvasView, run: (command: AnyCommand) => void): void {
  addEventListener("pointerdown", () => delete document.documentElement.dataset["byKeys"], true);
  addEventListener("keydown", (event) => {
    if (event.key === "Tab") document.documentElement.dataset["byKeys"] = "";
    if (document.querySelector("dialog[open]") || view.element.closest("[inert]")) return;
    if (takesText(event.target)) return;
    if (isForControl(event)) return;
    if (event.key === " ") {
      view.holdSpace(true);
      event.preventDefault();
      return;
    }
    const command = shortcutOf(event)?.command ?? pageCommandOf(event);
    if (!command) return;
    event.preventDefault();
    if (!event.repeat || goesOnWhileHeld(command)) run(command);
  });
  addEventListener("keyup", (event) => {
    if (event.key === " ") view.holdSpace(false);
  });
  addEventListener("blur", () => view.holdSpace(false));
  // Once chosen with the mouse, a list gives the keyboard back: letters would choose in it again.
  addEventListener("change", ({ target }) => {
    const byMouse = document.documentElement.dataset["byKeys"] === undefined;
    if (byMouse && target instanceof HTMLSelectElement && !target.closest("dialog, [popover]")) {
      view.element.focus({ preventScroll: true });
    }
  });
}

/** Enter, space and arrows belong to the control that has the keyboard. */
function isForControl(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  if (event.key === "Escape") return document.querySelector(":popover-open") !== null;
  if (target.closest("button, a, summary")) return event.key === "Enter" || event.key === " ";
  if (target.closest("select, input[type=range], input[type=color]")) {
    return !event.ctrlKey && !event.metaKey && (event.key.length > 1 || target instanceof HTMLSelectElement);
  }
  return false;
}
