/** Short notes in a corner: they wait for nobody and block nothing. */

import type { Toast } from "./context";
import { iconButton, textButton } from "./buttons";
import { h } from "./dom";

const SHOWN_MS = 7000;
const MOST = 3;

export class Toasts {
  readonly element = h("div", { class: "toasts", role: "status", "aria-live": "polite" });

  add({ text, kind = "info", action }: Toast): void {
    const toast = h("div", { class: `toast ${kind}` }, h("span", { text }));
    let timer = 0;
    const remove = () => {
      window.clearTimeout(timer);
      toast.remove();
    };
    if (action) {
      toast.append(textButton(action.label, () => {
        remove();
        action.run();
      }, { class: "quiet" }));
    }
    toast.append(iconButton("close", "Dismiss", remove));
    const wait = () => {
      timer = window.setTimeout(remove, kind === "problem" ? 2 * SHOWN_MS : SHOWN_MS);
    };
    // Nothing goes away under the pointer or the keyboard.
    toast.addEventListener("pointerenter", () => window.clearTimeout(timer));
    toast.addEventListener("pointerleave", wait);
    toast.addEventListener("focusin", () => window.clearTimeout(timer));
    wait();
    for (const other of this.element.querySelectorAll(".toast > span")) {
      if (other.textContent === text) other.parentElement!.remove();
    }
    this.element.append(toast);
    while (this.element.childElementCount > MOST) this.element.firstElementChild!.remove();
  }
}
