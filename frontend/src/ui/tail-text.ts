import { h, setText } from "./dom";

export interface TailText {
  readonly element: HTMLElement;
  show(text: string): void;
}

/** A name that keeps its end where there is no room for all: that is where files differ. */
export function tailText(tag: "h1" | "span", className: string): TailText {
  // The line runs from right to left so that the left is cut off, the name in it as it is written.
  const name = h("bdi");
  return { element: h(tag, { class: `tail ${className}` }, name), show: (text) => setText(name, text) };
}
