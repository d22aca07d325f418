/** Dialogs: help, progress, export, import, name. Escape closes each. */

import { sentenceOf } from "../core/errors";
import type { Statistics } from "../core/types";
import { iconButton } from "./buttons";
import type { PageContext } from "./context";
import { h, type Child } from "./dom";
import { counted, seconds } from "./format";
import { helpGroups } from "./page-shortcuts";

export function openDialog(title: string, className: string, ...children: Child[]): HTMLDialogElement {
  document.querySelector<HTMLDialogElement>("dialog[open]")?.close();
  const dialog = h("dialog", { class: `dialog ${className}`, "aria-label": title, tabindex: -1 },
    h("header", {}, h("h2", { text: title }), iconButton("close", "Close", () => dialog.close(), "Escape")),
    h("div", { class: "dialog-body" }, ...children));
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  // Not the close button, that would stand out.
  dialog.focus();
  return dialog;
}

export function openHelp(): void {
  const groups = helpGroups().map(({ title, rows }) =>
    h("section", {}, h("h3", { text: title }), h("dl", {}, ...rows.map(({ keys, label }) =>
      h("div", {}, h("dt", {}, ...keys.map((key) => h("kbd", { text: keyText(key) }))), h("dd", { text: label }))))));
  openDialog("Keys", "help", h("div", { class: "columns" }, ...groups));
}

/** A key as it is printed on the key. */
export function keyText(key: string): string {
  const apple = /Mac|iPhone|iPad/.test(navigator.platform);
  return key
    .replace(/^(Alt|Space)\+/, "$1 ")
    .replace("Ctrl+", apple ? "⌘ " : "Ctrl ")
    .replace("Shift+", "Shift ")
    .replace("Arrow", "")
    .replace("PageDown", "Page down")
    .replace("PageUp", "Page up")
    .replace(/^(.*)(Up|Down|Left|Right)$/, (_, before: string, way: string) =>
      before.startsWith("Page") ? before + way : before + { Up: "↑", Down: "↓", Left: "←", Right: "→" }[way]);
}

export async function openStatistics({ api, toast }: PageContext): Promise<void> {
  let found: Statistics;
  try {
    found = await api.statistics();
  } catch (error) {
    toast({ kind: "problem", text: sentenceOf(error) });
    return;
  }
  const rest = found.images - found.done;
  const tile = (value: string, text: string) =>
    h("div", { class: "figure" }, h("strong", { text: value }), h("span", { text }));
  const table = (title: string, rows: Statistics["by_author"]) =>
    rows.length === 0 ? null : h("table", {},
      h("thead", {}, h("tr", {}, ...[title, "Objects", "Median time", "Median actions"].map((text) =>
        h("th", { scope: "col", text })))),
      h("tbody", {}, ...rows.map((row) => h("tr", {},
        h("th", { scope: "row", text: row.name || "–" }), h("td", { text: String(row.objects) }),
        h("td", { text: seconds(row.median_seconds) }), h("td", { text: actions(row.median_inputs) })))));
  openDialog("Progress and cost", "statistics",
    h("div", { class: "figures" },
      tile(`${found.done} / ${found.images}`, rest === 0 ? "images done" : `images done, ${rest} to go`),
      tile(String(found.total.objects), "objects"),
      tile(seconds(found.total.median_seconds), "per object, median"),
      tile(actions(found.total.median_inputs), "actions per object, median")),
    table("Author", found.by_author), table("Class", found.by_class),
    h("p", { class: "hint", text: "Time counts while you work on an object, not while you pause." }),
    h("footer", {}, h("a", { class: "button primary", href: api.statisticsCsvUrl(), download: "", text: "Save as CSV" })));
}

function actions(value: number | null): string {
  return value === null ? "–" : String(Math.round(value * 10) / 10);
}

export function openAuthor({ session }: PageContext): void {
  const field = h("input", {
    type: "text", value: session.state.project?.author ?? "", maxlength: 100, "aria-label": "Your name",
    autocomplete: "name",
  });
  const dialog = openDialog("Your name", "small-dialog",
    h("p", { class: "hint", text: "It stands beside the objects that you make." }),
    h("form", {
      on: {
        submit: (event) => {
          event.preventDefault();
          const name = field.value.trim();
          if (name) void session.setAuthor(name);
          dialog.close();
        },
      },
    }, field, h("footer", {}, h("button", { type: "submit", class: "button primary", text: "Keep" }))));
  field.select();
}

export function openImport({ api, session, toast }: PageContext): void {
  const format = formatChoice();
  const file = h("input", { type: "file", "aria-label": "File", required: true });
  const notes = h("ul", { class: "losses", "aria-live": "polite" });
  const send = h("button", { type: "submit", class: "button primary", text: "Import" });
  const dialog = openDialog("Import", "small-dialog",
    h("form", {
      on: {
        submit: async (event) => {
          event.preventDefault();
          const [chosen] = file.files ?? [];
          if (!chosen) return;
          send.disabled = true;
          send.textContent = "Importing";
          try {
            const report = await api.importFile(format.value, chosen, chosen.name);
            const text = `Imported ${counted(report.objects, "object")} into ${counted(report.images, "image")}`;
            await session.reload();
            // Who closed the dialog meanwhile is told all the same.
            if (dialog.open) toast({ text });
            else toast({ text: [`${text}.`, ...report.notes].join(" ") });
            if (report.notes.length === 0) dialog.close();
            else notes.replaceChildren(h("li", { text }), ...report.notes.map((note) => h("li", { text: note })));
          } catch (error) {
            const text = sentenceOf(error);
            notes.replaceChildren(h("li", { class: "problem", text }));
            if (!dialog.open) toast({ kind: "problem", text: `Not imported: ${text}` });
          }
          send.disabled = false;
          send.textContent = "Import";
        },
      },
    }, h("label", { class: "row" }, h("span", { text: "Format" }), format),
      h("label", { class: "row" }, h("span", { text: "File or zip" }), file),
      h("p", { class: "hint", text: "Objects are added to those that are there. One undo per image takes them back." }),
      notes, h("footer", {}, send)));
}

export const FORMATS: readonly (readonly [string, string])[] = [
  ["coco", "COCO JSON"], ["yolo", "YOLO segmentation"], ["labelme", "labelme JSON"],
  ["cvat", "CVAT for images XML"], ["voc", "PASCAL VOC PNG"], ["davis", "DAVIS PNG"],
  ["labels", "Label PNG, 16 bit"], ["masks", "Binary PNG per object"],
];

export function formatChoice(): HTMLSelectElement {
  return h("select", { "aria-label": "Format" },
    ...FORMATS.map(([value, text]) => h("option", { value, text })));
}
