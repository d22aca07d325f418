/** The project's images along the lower edge, with progress and filters. */

import { troubleOf } from "../core/photo-trouble";
import type { ImageFilter, SessionState } from "../core/state";
import type { ImageSummary } from "../core/types";
import { keepFocus } from "./buttons";
import type { PageContext, Part } from "./context";
import { h, setText } from "./dom";
import { counted, fileName, percent } from "./format";
import { changeIcon, icon } from "./icons";
import { troubleWords } from "./photo-words";
import { tailText } from "./tail-text";
import { VirtualList } from "./virtual-list";

const STEP_PX = 116;
const STATUS = { new: "New", in_progress: "In progress", done: "Done" } as const;

const SHOWN: readonly (readonly [string, string, Partial<ImageFilter>])[] = [
  ["all", "All images", { status: null, reviewed: null }],
  ["new", "New", { status: "new", reviewed: null }],
  ["in_progress", "In progress", { status: "in_progress", reviewed: null }],
  ["done", "Done", { status: "done", reviewed: null }],
  ["unreviewed", "Not reviewed", { status: null, reviewed: false }],
];

interface Frame extends HTMLButtonElement {
  refresh(image: ImageSummary): void;
}

/** Where the images are ordered by it. */
function confidenceShown({ lowest_confidence: lowest }: ImageSummary, order: ImageFilter["order"]): string {
  return order === "confidence" && lowest !== null ? percent(lowest) : "";
}

export function filmstrip(context: PageContext): Part {
  const { session, api } = context;
  const progress = h("progress", { "aria-label": "Images done" });
  const progressText = h("span", { class: "progress-text" });
  const shown = h("select", {
    "aria-label": "Images shown",
    on: { change: () => void session.filter(SHOWN.find(([value]) => value === shown.value)![2]) },
  }, ...SHOWN.map(([value, text]) => h("option", { value, text })));
  const withClass = h("select", {
    "aria-label": "With class",
    on: { change: () => void session.filter({ classId: withClass.value ? Number(withClass.value) : null }) },
  });
  const order = h("select", {
    "aria-label": "Order",
    on: { change: () => void session.filter({ order: order.value as ImageFilter["order"] }) },
  }, h("option", { value: "path", text: "By name" }),
    h("option", { value: "confidence", text: "Lowest confidence first" }));

  const list = new VirtualList<ImageSummary, Frame>({
    label: "Images",
    direction: "across",
    step: STEP_PX,
    key: (image) => image.id,
    create: (image) => createFrame(image),
    update: (frame, image) => frame.refresh(image),
    nearEnd: () => {
      const { items, total, loading } = session.state.list;
      if (items.length < total && !loading) void session.loadMoreImages();
    },
  });
  let revealed = "";
  const none = h("p", { class: "nothing" });
  const element = h("footer", { class: "strip", "aria-label": "Images" },
    h("div", { class: "strip-head" },
      h("div", { class: "progress" }, progressText, progress),
      h("div", { class: "filters" }, shown, withClass, order)),
    list.element, none);
  keepFocus(element);

  function createFrame(first: ImageSummary): Frame {
    let image = first;
    const picture = h("img", { alt: "", loading: "lazy", decoding: "async", draggable: "false" });
    const mark = icon("missing");
    const dot = h("i", { class: "status" });
    const name = tailText("span", "frame-name");
    const objects = h("span", { class: "frame-count" });
    const confidence = h("span", { class: "frame-confidence" });
    const frame = h("button", {
      type: "button", class: "frame", on: { click: () => void session.openImage(image.id) },
    }, h("span", { class: "frame-picture" }, picture, mark, confidence),
      h("span", { class: "frame-foot" }, dot, name.element, objects)) as unknown as Frame;
    let url = "";
    picture.addEventListener("error", () => {
      picture.classList.add("broken");
      if (!troubleOf(image)) session.pictureRefused(image.id);
    });
    frame.refresh = (now) => {
      image = now;
      const trouble = troubleOf(now);
      if (trouble) frame.dataset["trouble"] = trouble;
      else delete frame.dataset["trouble"];
      changeIcon(mark, trouble === "missing" ? "missing" : "warning");
      const wanted = now.missing || now.problem !== null ? "" : api.thumbnailUrl(now.id, 160, now.content);
      if (wanted && wanted !== url) {
        picture.classList.remove("broken");
        picture.src = wanted;
      }
      url = wanted;
      const current = session.state.image?.id === now.id;
      frame.setAttribute("aria-current", String(current));
      dot.dataset["status"] = now.status;
      name.show(fileName(now.path));
      setText(objects, now.objects > 0 ? String(now.objects) : "");
      setText(confidence, confidenceShown(now, session.state.list.filter.order));
      const parts = [now.path, troubleWords(now) ?? STATUS[now.status], counted(now.objects, "object")];
      if (now.reviewed_by) parts.push(`reviewed by ${now.reviewed_by}`);
      if (now.lowest_confidence !== null) parts.push(`lowest confidence ${percent(now.lowest_confidence)}`);
      frame.title = parts.join("\n");
      frame.setAttribute("aria-label", parts.join(", "));
    };
    return frame;
  }

  return {
    element,
    update: (state, before) => {
      updateHead(state);
      if (before && state.list === before.list && state.image?.id === before.image?.id) return;
      list.show(state.list.items);
      none.hidden = state.list.items.length > 0 || state.list.loading;
      setText(none, state.project?.counts.images === 0 ? "No photos yet." : "No image matches.");
      revealOpen(state);
    },
  };

  /** When it is another, or when its place has only now become known. */
  function revealOpen({ list: { items }, image }: SessionState): void {
    const place = items.findIndex(({ id }) => id === image?.id);
    const now = `${image?.id} ${place}`;
    if (place >= 0 && now !== revealed) list.reveal(place);
    revealed = now;
  }

  function updateHead(state: SessionState): void {
    const { filter } = state.list;
    const counts = state.project?.counts;
    if (counts) {
      setText(progressText, `${counts.done.toLocaleString("en")} of ${counted(counts.images, "image")} done`);
      progress.max = Math.max(counts.images, 1);
      progress.value = counts.done;
    }
    shown.value = SHOWN.find(([, , rule]) =>
      rule.status === filter.status && rule.reviewed === filter.reviewed)?.[0] ?? "all";
    order.value = filter.order;
    const classes = state.project?.classes ?? [];
    const names = classes.map(({ id, name }) => `${id} ${name}`).join("\n");
    if (withClass.dataset["names"] !== names) {
      withClass.dataset["names"] = names;
      withClass.replaceChildren(h("option", { value: "", text: "Any class" }),
        ...classes.map(({ id, name }) => h("option", { value: id, text: name })));
    }
    withClass.value = filter.classId === null ? "" : String(filter.classId);
  }
}
