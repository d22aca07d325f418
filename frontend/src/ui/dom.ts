/** Elements without ceremony. Styles are classes: nothing here writes a style attribute. */

export type Child = Node | string | null | undefined | false;

export interface Attributes {
  readonly class?: string | undefined;
  readonly text?: string | undefined;
  readonly title?: string | undefined;
  readonly on?: { readonly [Type in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Type]) => void };
  /** Anything else is an attribute; false and undefined leave it out. */
  readonly [name: string]: unknown;
}

export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag, attributes: Attributes = {}, ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false || value === null) continue;
    if (name === "on") {
      for (const [type, listener] of Object.entries(value as object)) {
        element.addEventListener(type, listener as EventListener);
      }
    } else if (name === "text") element.textContent = String(value);
    else if (name === "class") element.className = String(value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/** Writes only what differs, so that nothing is laid out again for nothing. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function setFlag(element: Element, name: string, on: boolean): void {
  if (name.startsWith("aria-")) element.setAttribute(name, String(on));
  else element.toggleAttribute(name, on);
}

/** Typing goes to such an element, not to the tools. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) {
    return !["range", "checkbox", "radio", "color", "button"].includes(target.type);
  }
  return target instanceof HTMLTextAreaElement || target.isContentEditable;
}
