/** Short notes in a corner: they wait for nobody, block nothing and leave when they are out of date. */

import type { SessionState } from "../core/state";
import type { Toast } from "./context";
import { iconButton, textButton } from "./buttons";
import { h } from "./dom";

const SHOWN_MS = 7000;
/** A problem that is over may still be read. */
const OVER_MS = 3000;
const MOST = 3;

interface Shown {
  readonly toast: Toast;
  readonly element: HTMLElement;
  readonly imageId: number | undefined;
  remove(): void;
  removeAfter(ms: number): void;
}

export class Toasts {
  readonly element = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
  private shown: Shown[] = [];
  private over = new WeakSet<Shown>();
  private imageId: number | undefined;

  add(toast: Toast): void {
    for (const other of this.shown) {
      if (other.toast.text === toast.text || (toast.topic && other.toast.topic === toast.topic)) other.remove();
    }
    const added = this.show(toast);
    this.shown.push(added);
    this.element.append(added.element);
    if (this.shown.length > MOST) this.shown[0]!.remove();
  }

  /** What speaks of another image, or of what is no longer so, leaves. */
  update(state: SessionState): void {
    this.imageId = state.image?.id;
    for (const shown of this.shown) {
      const { toast, imageId } = shown;
      const holds = imageId === this.imageId && (toast.holds?.(state) ?? true);
      if (holds || this.over.has(shown)) continue;
      this.over.add(shown);
      if (toast.kind === "problem") shown.removeAfter(OVER_MS);
      else shown.remove();
    }
  }

  private show(toast: Toast): Shown {
    const { text, kind = "info", action } = toast;
    const element = h("div", { class: `toast ${kind}` }, h("span", { text }));
    let left = kind === "problem" ? 2 * SHOWN_MS : SHOWN_MS;
    let timer = 0;
    const remove = () => {
      window.clearTimeout(timer);
      element.remove();
      this.shown = this.shown.filter((other) => other.element !== element);
    };
    const wait = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(remove, left);
    };
    if (action) {
      element.append(textButton(action.label, () => {
        remove();
        action.run();
      }, { class: "quiet" }));
    }
    element.append(iconButton("close", "Dismiss", remove));
    // No button goes away under the pointer or the keyboard; the text lets the pointer through.
    for (const type of ["pointerenter", "focusin"] as const) {
      element.addEventListener(type, () => window.clearTimeout(timer));
    }
    for (const type of ["pointerleave", "focusout"] as const) element.addEventListener(type, wait);
    wait();
    const removeAfter = (ms: number) => {
      left = ms;
      wait();
    };
    return { toast, element, imageId: this.imageId, remove, removeAfter };
  }
}
