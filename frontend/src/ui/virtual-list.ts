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
  private readonly rows = new Map<number | string, Row>();
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
    const { step, key, create, update, removed, nearEnd } = this.options;
    const { first, end } = windowOf(this.items.length, step, this.offset, this.length);
    const gone = new Set(this.rows.keys());
    for (let index = first; index < end; index++) {
      const item = this.items[index]!;
      const name = key(item);
      gone.delete(name);
      let row = this.rows.get(name);
      if (!row) {
        row = create(item);
        row.setAttribute("role", "listitem");
        this.rows.set(name, row);
        this.room.append(row);
      }
      row.style.transform = this.across ? `translateX(${index * step}px)` : `translateY(${index * step}px)`;
      row.setAttribute("aria-posinset", String(index + 1));
      row.setAttribute("aria-setsize", String(this.items.length));
      update(row, item, index);
    }
    for (const name of gone) {
      const row = this.rows.get(name)!;
      // The keyboard goes back to the canvas rather than nowhere.
      if (row.contains(document.activeElement)) document.querySelector<HTMLElement>(".canvas")?.focus();
      row.remove();
      this.rows.delete(name);
      removed?.(row);
    }
    if (end >= this.items.length - 5) nearEnd?.();
  }
}
