/** Keys of the page around the canvas, beside those of core/shortcuts.ts. */

import { keyName, keysOf, SHORTCUTS, shortcutOf, type Command, type KeyPress, type ViewCommand } from "../core/shortcuts";

export type PageCommand =
  | "toggle-loupe" | "toggle-images" | "toggle-panel" | "toggle-theme"
  | "add-class" | "rename-class" | "export" | "import" | "statistics" | "author" | "refresh-photos"
  | "next-unreviewed-order" | "keep-mine" | "keep-theirs";

interface PageShortcut {
  readonly command: PageCommand;
  readonly key: string;
  readonly label: string;
}

/** Letters in capitals stand for themselves with Shift where it says so. */
export const PAGE_SHORTCUTS: readonly PageShortcut[] = [
  { command: "toggle-loupe", key: "Q", label: "Loupe: by itself, always, never" },
  { command: "toggle-images", key: "I", label: "Hide or show the images" },
  { command: "toggle-panel", key: "J", label: "Hide or show the panel" },
  { command: "toggle-theme", key: "Shift+T", label: "Light, dark, as the system" },
  { command: "next-unreviewed-order", key: "Shift+O", label: "Order: by name, or lowest confidence first" },
  { command: "add-class", key: "Shift+C", label: "Add a class" },
  { command: "rename-class", key: "F2", label: "Rename the current class" },
  { command: "export", key: "Shift+E", label: "Export" },
  { command: "import", key: "Shift+I", label: "Import" },
  { command: "statistics", key: "Shift+S", label: "Progress and cost" },
  { command: "author", key: "Shift+A", label: "Your name" },
  { command: "refresh-photos", key: "Shift+R", label: "Look for new photos" },
  { command: "keep-mine", key: "Shift+M", label: "In a conflict, keep yours" },
  { command: "keep-theirs", key: "Shift+K", label: "In a conflict, keep theirs" },
];

const BY_KEY = new Map(PAGE_SHORTCUTS.map((row) => [row.key, row.command]));

/** Null for a key that means nothing to the page. */
export function pageCommandOf(press: KeyPress): PageCommand | null {
  if (press.altKey || press.ctrlKey || press.metaKey || shortcutOf(press)) return null;
  const name = keyName(press);
  return BY_KEY.get(`${press.shiftKey ? "Shift+" : ""}${name}`) ?? null;
}

/** For tooltips; empty when there is none. */
export function keysFor(command: Command | ViewCommand | PageCommand): string {
  return PAGE_SHORTCUTS.find((row) => row.command === command)?.key
    ?? keysOf(command as Command | ViewCommand);
}

export interface HelpGroup {
  readonly title: string;
  readonly rows: readonly { readonly keys: readonly string[]; readonly label: string }[];
}

const MOUSE: HelpGroup = {
  title: "Mouse and touch",
  rows: [
    { keys: ["Click"], label: "Place a point, select" },
    { keys: ["Shift+Click"], label: "Select several objects; with a brush, paint straight on" },
    { keys: ["Alt+Click"], label: "Take a point or vertex away" },
    { keys: ["Double click"], label: "Edit the object under the pointer" },
    { keys: ["Drag"], label: "Move a point or vertex, paint, pan; along the border: redraw it" },
    { keys: ["Wheel", "Pinch"], label: "Zoom; brush size with a brush" },
    { keys: ["Ctrl+Wheel"], label: "Zoom with any tool" },
    { keys: ["Shift+Wheel"], label: "Pan sideways" },
    { keys: ["Space+Drag", "Right drag", "Middle drag"], label: "Pan" },
  ],
};

const LISTS: HelpGroup = {
  title: "Lists",
  rows: [
    { keys: ["Ctrl+Click"], label: "Select one object more, or one less" },
    { keys: ["Shift+Click"], label: "Select all objects from the last one on" },
    { keys: ["Double click"], label: "On a class: rename it; on an object: edit its points" },
  ],
};

/** Everything that the help shows, in groups. */
export function helpGroups(): HelpGroup[] {
  const groups = new Map<string, { keys: readonly string[]; label: string }[]>();
  for (const { group, keys, label } of SHORTCUTS) {
    groups.set(group, [...(groups.get(group) ?? []), { keys, label }]);
  }
  // Ten lines for ten digits say no more than one.
  groups.set("Classes", [
    { keys: ["1", "…", "0"], label: "First to tenth class" },
    ...pageRows((command) => command.endsWith("-class")),
  ]);
  return [
    ...[...groups].map(([title, rows]) => ({ title, rows })),
    { title: "Page", rows: pageRows((command) => !command.endsWith("-class")) },
    MOUSE,
    LISTS,
  ];
}

function pageRows(wanted: (command: PageCommand) => boolean) {
  return PAGE_SHORTCUTS.filter(({ command }) => wanted(command))
    .map(({ key, label }) => ({ keys: [key], label }));
}
