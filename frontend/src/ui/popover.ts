/** Small panels that stand at a button and leave when something else is clicked. */

import { h, type Child } from "./dom";

let serial = 0;

/** Wires a button to a panel; the browser closes it on Escape or a click elsewhere. */
export function popover(
  button: HTMLButtonElement, label: string, className: string, ...children: Child[]
): HTMLElement {
  const id = `popover-${++serial}`;
  const panel = h("div", {
    class: `popover ${className}`, id, popover: "auto", role: "dialog", "aria-label": label,
  }, ...children);
  button.setAttribute("popovertarget", id);
  button.setAttribute("aria-haspopup", "dialog");
  panel.addEventListener("toggle", () => place(panel, button));
  return panel;
}

/** Below the button, or above it where there is no room. */
function place(panel: HTMLElement, button: HTMLElement): void {
  const from = button.getBoundingClientRect();
  const { width, height } = panel.getBoundingClientRect();
  const left = Math.min(Math.max(from.left, 8), innerWidth - width - 8);
  const below = from.bottom + 6;
  const top = below + height + 8 <= innerHeight ? below : Math.max(from.top - height - 6, 8);
  panel.style.left = `${Math.round(left)}px`;
  panel.style.top = `${Math.round(top)}px`;
}

export function menuItem(
  panel: () => HTMLElement, label: string, keys: string, click: () => void,
): HTMLButtonElement {
  return h("button", {
    type: "button", class: "menu-item",
    on: {
      click: () => {
        panel().hidePopover();
        click();
      },
    },
  }, h("span", { text: label }), keys ? h("kbd", { text: keys }) : null);
}
