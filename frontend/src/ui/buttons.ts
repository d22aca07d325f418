import type { AnyCommand, PageContext } from "./context";
import { h } from "./dom";
import { icon, type IconName } from "./icons";
import { keysFor } from "./page-shortcuts";

/** A square button with an icon; its name and key are told to everybody. */
export function iconButton(
  name: IconName, label: string, click: () => void, keys = "",
): HTMLButtonElement {
  return h("button", {
    type: "button", class: "icon-button", "aria-label": label,
    title: keys ? `${label}  (${keys})` : label,
    "aria-keyshortcuts": ariaKeys(keys) || undefined, on: { click },
  }, icon(name));
}

/** For a command of the tables: label, tooltip and key come along. */
export function commandButton(
  context: PageContext, command: AnyCommand, name: IconName, label: string,
): HTMLButtonElement {
  const button = iconButton(name, label, () => context.run(command), keysFor(command));
  button.dataset["command"] = command;
  return button;
}

export function textButton(
  label: string, click: () => void, options: { keys?: string; class?: string } = {},
): HTMLButtonElement {
  return h("button", {
    type: "button", class: `button ${options.class ?? ""}`,
    title: options.keys ? `${label}  (${options.keys})` : undefined,
    "aria-keyshortcuts": ariaKeys(options.keys ?? "") || undefined, on: { click },
  }, label);
}

function ariaKeys(keys: string): string {
  return keys.replace("Ctrl", "Control");
}

/** Keeps a click on a panel from taking the keyboard away from the canvas. */
export function keepFocus(element: HTMLElement): void {
  element.addEventListener("mousedown", (event) => {
    const target = event.target as HTMLElement;
    if (event.button === 0 && target.closest("button") && !target.closest("dialog")) event.preventDefault();
  });
}
