import type { SessionState, ShownObject } from "../core/state";
import { ObjectShapes } from "../view/object-shapes";
import { iconButton, keepFocus } from "./buttons";
import type { PageContext, Part } from "./context";
import { h, setText } from "./dom";
import { percent } from "./format";
import { changeIcon } from "./icons";
import { drawThumbnail } from "./object-thumbnail";
import { VirtualList } from "./virtual-list";

const STEP_PX = 48;

interface Row extends HTMLDivElement {
  refresh(object: ShownObject, index: number): void;
}

export interface ObjectPanel extends Part {
  /** Photo tiles came: thumbnails may be sharper now. */
  redrawThumbnails(): void;
}

/** The image's objects, the topmost first. */
export function objectPanel(context: PageContext): ObjectPanel {
  const { session, view } = context;
  const shapes = new ObjectShapes();
  const count = h("span", { class: "count" });
  let last: number | null = null;
  let scheduled = 0;

  const list = new VirtualList<ShownObject, Row>({
    label: "Objects",
    direction: "down",
    step: STEP_PX,
    key: (object) => object.id,
    create: (object) => createRow(object),
    update: (row, object, index) => row.refresh(object, index),
    removed: (row) => view.photo?.alsoLook(row.dataset["key"]!, null, 1),
  });
  const element = h("section", { class: "panel object-panel", "aria-label": "Objects" },
    h("header", {}, h("h2", { text: "Objects" }), count), list.element);

  keepFocus(element);
  function createRow(first: ShownObject): Row {
    let object = first;
    const canvas = h("canvas", { class: "thumbnail", width: 80, height: 80, "aria-hidden": "true" });
    const dot = h("i", { class: "swatch" });
    const choose = h("select", {
      class: "bare", "aria-label": "Class",
      on: { change: () => session.changeObjects([object.id], { class_id: Number(choose.value) }) },
    });
    const confidence = h("span", { class: "confidence" });
    const pick = h("button", {
      type: "button", class: "object-pick",
      on: {
        click: (event) => pickObject(object.id, event),
        dblclick: () => {
          session.edit(object.id);
          context.run("zoom-selection");
        },
      },
    }, canvas);
    const visible = iconButton("eye", "Hide", () =>
      session.changeObjects([object.id], { visible: !object.visible }));
    const locked = iconButton("lock", "Lock", () =>
      session.changeObjects([object.id], { locked: !object.locked }));
    const row = h("div", { class: "object-row" }, pick, dot, choose, confidence,
      h("span", { class: "row-actions" }, visible, locked)) as Row;
    row.dataset["key"] = `thumbnail ${first.id}`;
    let classes: unknown = null;
    row.refresh = (now, index) => {
      const { state } = session;
      const redraw = now.mask !== object.mask || now.class_id !== object.class_id || canvas.dataset["drawn"] === undefined
        || classes !== state.project?.classes;
      object = now;
      if (classes !== state.project?.classes) {
        classes = state.project?.classes;
        choose.replaceChildren(...(state.project?.classes ?? []).map(({ id, name }) =>
          h("option", { value: id, text: name })));
      }
      const known = state.project?.classes.find(({ id }) => id === now.class_id);
      choose.value = String(now.class_id);
      choose.title = known?.name ?? "";
      choose.disabled = now.locked;
      dot.style.backgroundColor = known?.color ?? "";
      const number = state.objects.length - index;
      pick.setAttribute("aria-label", `Object ${number}, ${known?.name ?? "no class"}`);
      pick.setAttribute("aria-pressed", String(state.selected.includes(now.id)));
      row.classList.toggle("chosen", state.selected.includes(now.id));
      row.classList.toggle("dimmed", !now.visible);
      setText(confidence, now.confidence === null ? "" : percent(now.confidence));
      confidence.classList.toggle("low", (now.confidence ?? 1) < 0.7);
      confidence.title = now.confidence === null ? "" : "Estimated IoU of the mask";
      toggleLook(visible, !now.visible, now.visible ? "eye" : "hidden", now.visible ? "Hide" : "Show");
      toggleLook(locked, now.locked, now.locked ? "lock" : "unlock", now.locked ? "Unlock" : "Lock");
      if (redraw) {
        canvas.dataset["drawn"] = "";
        drawThumbnail(canvas, view.photo, now.mask, known?.color ?? "#888", shapes, row.dataset["key"]!);
      }
    };
    return row;
  }

  function pickObject(id: number, event: MouseEvent): void {
    const { selected, objects } = session.state;
    const ids = [...objects].reverse().map((object) => object.id);
    if (event.shiftKey && last !== null && ids.includes(last)) {
      const [from, to] = [ids.indexOf(last), ids.indexOf(id)].sort((a, b) => a - b) as [number, number];
      session.select(ids.slice(from, to + 1));
    } else if (event.ctrlKey || event.metaKey) {
      session.select(selected.includes(id) ? selected.filter((other) => other !== id) : [...selected, id]);
    } else {
      session.select([id]);
    }
    last = id;
  }

  const update = (state: SessionState, before: SessionState | null) => {
    if (before && state.objects === before.objects && state.selected === before.selected
      && state.project?.classes === before.project?.classes && state.image === before.image) return;
    setText(count, state.objects.length.toLocaleString("en"));
    const shown = [...state.objects].reverse();
    element.style.setProperty("--rows", String(shown.length));
    list.show(shown);
    const [only] = state.selected;
    if (only !== undefined && state.selected !== before?.selected) {
      list.reveal(shown.findIndex(({ id }) => id === only));
    }
    element.classList.toggle("none", state.objects.length === 0);
  };

  return {
    element,
    update,
    redrawThumbnails: () => {
      scheduled ||= window.setTimeout(() => {
        scheduled = 0;
        for (const canvas of element.querySelectorAll("canvas")) delete canvas.dataset["drawn"];
        list.show([...session.state.objects].reverse());
      }, 120);
    },
  };
}

function toggleLook(
  button: HTMLButtonElement, on: boolean, name: "eye" | "hidden" | "lock" | "unlock", label: string,
): void {
  button.classList.toggle("on", on);
  if (button.getAttribute("aria-label") === label) return;
  button.setAttribute("aria-label", label);
  button.title = label;
  changeIcon(button.querySelector("svg")!, name);
}
