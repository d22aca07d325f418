/** A list of any length with only the items in sight in the page. */

import { h } from "./dom";
import { offsetToShow, windowOf } from "./list-layout";

export interface VirtualListOptions<Item, Row extends HTMLElement> {
  readonly label: string;
  readonly direction: "down" | "across";
  /** From one item to the next, CSS pixels. */
  readonly step: number;
  readonly key: (item: Item) => number | string;
  readonly create: (item: Item) => Row;
  readonly update: (row: Row, item: Item, index: number) => void;
  /** The end of the list came near. */
  readonly nearEnd?: () => void;
  /** A row is no longer in the page. */
  readonly removed?: (row: Row) => void;
}

export class VirtualList<Item, Row extends HTMLElement> {
  readonly element: HTMLElement;
  private readonly room = h("div", { class: "list-room", role: "presentation" });
  /** In the order of the list; each in an element that says that it is an item of it. */
  private rows = new Map<number | string, { readonly row: Row; readonly item: HTMLElement }>();
  private items: readonly Item[] = [];

  constructor(private readonly options: VirtualListOptions<Item, Row>) {
    this.element = h("div", {
      class: `list list-${options.direction}`, role: "list", "aria-label": options.label,
    }, this.room);
    this.element.addEventListener("scroll", () => this.layOut(), { passive: true });
    new ResizeObserver(() => this.layOut()).observe(this.element);
    if (options.direction === "across") {
      this.element.addEventListener("wheel", (event) => {
        if (event.deltaX === 0 && event.deltaY !== 0) {
          event.preventDefault();
          this.element.scrollLeft += event.deltaY;
        }
      }, { passive: false });
    }
  }

  show(items: readonly Item[]): void {
    this.items = items;
    this.room.style[this.across ? "width" : "height"] = `${items.length * this.options.step}px`;
    this.layOut();
  }

  reveal(index: number): void {
    if (index < 0) return;
    const offset = offsetToShow(index, this.options.step, this.offset, this.length);
    if (offset === this.offset) return;
    if (this.across) this.element.scrollLeft = offset;
    else this.element.scrollTop = offset;
    this.layOut();
  }

  private get across(): boolean {
    return this.options.direction === "across";
  }

  private get offset(): number {
    return this.across ? this.element.scrollLeft : this.element.scrollTop;
  }

  private get length(): number {
    return this.across ? this.element.clientWidth : this.element.clientHeight;
  }

  private layOut(): void {
    const { step, key, update, nearEnd } = this.options;
    const { first, end } = windowOf(this.items.length, step, this.offset, this.length);
    const seen = this.items.slice(first, end);
    this.removeBut(new Set(seen.map(key)));
    const focused = this.room.contains(document.activeElement) ? document.activeElement as HTMLElement : null;
    const before = this.rows;
    this.rows = new Map();
    let last: HTMLElement | null = null;
    seen.forEach((item, at) => {
      const index = first + at;
      const shown = before.get(key(item)) ?? this.created(item);
      this.rows.set(key(item), shown);
      const element: HTMLElement = shown.item;
      // As on the screen: screen readers and the Tab key go by the order in the page.
      if (last ? element.previousElementSibling !== last : this.room.firstElementChild !== element) {
        if (last) last.after(element);
        else this.room.prepend(element);
      }
      last = element;
      element.style.transform = this.across ? `translateX(${index * step}px)` : `translateY(${index * step}px)`;
      element.setAttribute("aria-posinset", String(index + 1));
      element.setAttribute("aria-setsize", String(this.items.length));
      update(shown.row, item, index);
    });
    // An element that changed its place has lost the keyboard.
    if (focused !== document.activeElement) focused?.focus({ preventScroll: true });
    if (end >= this.items.length - 5) nearEnd?.();
  }

  private created(item: Item): { row: Row; item: HTMLElement } {
    const row = this.options.create(item);
    return { row, item: h("div", { class: "list-item", role: "listitem" }, row) };
  }

  private removeBut(kept: ReadonlySet<number | string>): void {
    for (const [name, { row, item }] of this.rows) {
      if (kept.has(name)) continue;
      // The keyboard goes back to the canvas rather than nowhere.
      if (row.contains(document.activeElement)) document.querySelector<HTMLElement>(".canvas")?.focus();
      item.remove();
      this.rows.delete(name);
      this.options.removed?.(row);
    }
  }
}
