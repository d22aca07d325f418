import type { SessionState } from "../core/state";
import type { ObjectClass } from "../core/types";
import { iconButton, keepFocus } from "./buttons";
import type { PageContext, Part } from "./context";
import { h } from "./dom";
import { freeColor } from "./format";

export interface ClassPanel extends Part {
  add(): void;
  renameCurrent(): void;
}

/** The classes with their colours and number keys; a name is changed where it stands. */
export function classPanel(context: PageContext): ClassPanel {
  const { session } = context;
  const list = h("div", { class: "classes", role: "radiogroup", "aria-label": "Class" });
  const add = iconButton("plus", "Add a class", () => startAdding(), "Shift+C");
  const element = h("section", { class: "panel class-panel", "aria-label": "Classes" },
    h("header", {}, h("h2", { text: "Classes" }), add), list);
  keepFocus(element);
  let shown: readonly ObjectClass[] = [];
  let naming: number | "new" | null = null;
  /** Colours of classes on their way to the server. */
  const sent = new Set<string>();

  const draw = (state: SessionState) => {
    const chosen = chosenClass(state);
    const focused = focusedControl();
    list.replaceChildren(...shown.map((row, index) =>
      naming === row.id ? nameField(row) : classRow(row, index, row.id === chosen)));
    if (naming === "new") list.append(nameField(null));
    if (shown.length === 0 && naming === null) {
      list.append(h("button", {
        type: "button", class: "empty", text: "Name the first class", on: { click: startAdding },
      }));
    }
    if (focused) focusControl(focused);
  };

  /** The class and the control of its row that have the keyboard. */
  function focusedControl(): readonly [string, string] | null {
    const { classId, control } = (document.activeElement as HTMLElement | null)?.dataset ?? {};
    return classId && control && list.contains(document.activeElement) ? [classId, control] : null;
  }

  /** The rows are new: the keyboard goes to the same place in them, and with the last to the canvas. */
  function focusControl([classId, control]: readonly [string, string]): void {
    const found = (name: string) =>
      list.querySelector<HTMLElement>(`[data-class-id="${classId}"][data-control=${name}]`);
    // It comes first: what its row offers besides is there while the row has the keyboard.
    (found("choose") ?? context.view.element).focus({ preventScroll: true });
    found(control)?.focus({ preventScroll: true });
  }

  /** An arrow goes from class to class; Enter or the space bar chooses. */
  list.addEventListener("keydown", (event) => {
    const by = ({ ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 } as Record<string, number>)[event.key];
    const rows = [...list.querySelectorAll<HTMLElement>("[role=radio]")];
    const at = rows.indexOf(event.target as HTMLElement);
    if (!by || at < 0 || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    rows[(at + by + rows.length) % rows.length]!.focus();
  });

  function startAdding(): void {
    naming = "new";
    redraw();
  }

  function rename(id: number): void {
    naming = id;
    redraw();
  }

  function redraw(): void {
    draw(session.state);
    const field = list.querySelector<HTMLInputElement>("input[type=text]");
    field?.focus();
    field?.select();
    field?.scrollIntoView({ block: "nearest" });
  }

  function classRow(row: ObjectClass, index: number, chosen: boolean): HTMLElement {
    const color = h("input", {
      type: "color", value: row.color, "aria-label": `Colour of ${row.name}`, title: "Colour",
      on: { change: () => void session.changeClass(row.id, { color: color.value }) },
    });
    const choose = h("button", {
      type: "button", class: "class-name", role: "radio", "aria-checked": String(chosen),
      text: row.name, title: row.name,
      on: { click: () => session.chooseClass(row.id), dblclick: () => rename(row.id) },
    });
    const edit = iconButton("edit", `Rename ${row.name}`, () => rename(row.id));
    const remove = iconButton("bin", `Remove ${row.name}`, () => void session.removeClass(row.id));
    for (const [control, element] of Object.entries({ color, choose, edit, remove })) {
      Object.assign(element.dataset, { classId: String(row.id), control });
    }
    return h("div", { class: chosen ? "class-row chosen" : "class-row" }, color, choose,
      h("span", { class: "row-actions" }, edit, remove),
      index < 10 ? h("kbd", { text: String((index + 1) % 10), "aria-hidden": "true" }) : null);
  }

  function nameField(row: ObjectClass | null): HTMLElement {
    let over = false;
    const color = row?.color ?? freeColor([...shown.map((other) => other.color), ...sent]);
    const swatch = h("i", { class: "swatch" });
    swatch.style.backgroundColor = color;
    const end = async (save: boolean) => {
      if (over) return;
      over = true;
      const name = field.value.trim();
      naming = null;
      // At once: a quick hand names the next one before the server has answered.
      draw(session.state);
      context.view.element.focus();
      if (!save || !name || name === row?.name) return;
      if (row) return void session.changeClass(row.id, { name });
      sent.add(color);
      await session.addClass(name, color);
      sent.delete(color);
      const added = session.state.project?.classes.find((other) => other.name === name);
      if (added) session.chooseClass(added.id);
    };
    const field = h("input", {
      type: "text", value: row?.name ?? "", maxlength: 100, "aria-label": row ? `Name of ${row.name}` : "Name of the new class",
      placeholder: "Name", autocomplete: "off", spellcheck: "false",
      on: {
        keydown: (event) => {
          event.stopPropagation();
          // Enter and Escape are of the input method while it composes.
          if (event.isComposing) return;
          if (event.key === "Enter") void end(true);
          if (event.key === "Escape") void end(false);
        },
        blur: () => void end(true),
      },
    });
    return h("div", { class: "class-row naming" }, swatch, field);
  }

  return {
    element,
    update: (state, before) => {
      const classes = state.project?.classes ?? [];
      const other = !before || chosenClass(state) !== chosenClass(before);
      if (classes === shown && !other) return;
      shown = classes;
      if (naming !== null) return;
      draw(state);
      if (other) list.querySelector(".chosen")?.scrollIntoView({ block: "nearest" });
    },
    add: startAdding,
    renameCurrent: () => {
      const id = chosenClass(session.state);
      if (id !== null) rename(id);
    },
  };
}

/** Of what is being worked on, or of the next object. */
function chosenClass(state: SessionState): number | null {
  if (state.draft) return state.draft.classId;
  const [first, ...others] = state.objects.filter(({ id }) => state.selected.includes(id));
  if (first && others.every((other) => other.class_id === first.class_id)) return first.class_id;
  return first ? null : state.classId;
}
