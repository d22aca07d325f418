/** One table of what can be done by key: the key handler and the help page both read it. */

export type Command =
  | "accept" | "cancel" | "remove" | "undo" | "redo"
  | "tool-points" | "tool-brush" | "tool-eraser" | "tool-select" | "tool-polygon"
  | "brush-larger" | "brush-smaller" | "detail-more" | "detail-less"
  | "fill-holes" | "keep-largest" | "split" | "merge" | "grow" | "shrink"
  | "select-next" | "select-previous" | "edit" | "remove-vertex" | "remove-point"
  | "toggle-visible" | "toggle-lock"
  | "next-image" | "previous-image" | "done-and-next" | "toggle-reviewed"
  | "class-1" | "class-2" | "class-3" | "class-4" | "class-5"
  | "class-6" | "class-7" | "class-8" | "class-9" | "class-10";

/** What concerns only how the page shows things; the view carries these out. */
export type ViewCommand =
  | "zoom-in" | "zoom-out" | "zoom-fit" | "zoom-actual" | "zoom-selection"
  | "pan-left" | "pan-right" | "pan-up" | "pan-down"
  | "brighter" | "darker" | "more-contrast" | "less-contrast" | "reset-tones"
  | "toggle-masks" | "help";

export interface Shortcut {
  readonly command: Command | ViewCommand;
  /** Names of KeyboardEvent.key, letters in capitals, after "Ctrl+" and "Shift+" where needed. */
  readonly keys: readonly string[];
  readonly label: string;
  /** The heading that it stands under on the help page. */
  readonly group: string;
  readonly scope: "session" | "view";
}

type Row<T> = readonly [command: T, keys: string, label: string];

function table<T extends Command | ViewCommand>(
  group: string,
  scope: Shortcut["scope"],
  rows: readonly Row<T>[],
): readonly Shortcut[] {
  return rows.map(([command, keys, label]) => ({
    command, keys: keys.split(" "), label, group, scope,
  }));
}

export const SHORTCUTS: readonly Shortcut[] = [
  ...table<Command>("Objects", "session", [
    ["accept", "Enter", "Accept the object"],
    ["cancel", "Escape", "Discard the draft, or select nothing"],
    ["remove", "Delete", "Delete the draft or the selected objects; with the outline, first the touched vertex"],
    ["remove-point", "Backspace", "Take back the last point"],
    ["undo", "Ctrl+Z", "Undo"],
    ["redo", "Ctrl+Shift+Z Ctrl+Y", "Redo"],
    ["select-next", ".", "Select the next object"],
    ["select-previous", ",", "Select the previous object"],
    ["edit", "A", "Edit the points of the selected object"],
    ["toggle-visible", "H", "Hide or show the selected objects"],
    ["toggle-lock", "Shift+L", "Lock or unlock the selected objects"],
  ]),
  ...table<Command>("Tools", "session", [
    ["tool-points", "P", "Points: click the four extreme points"],
    ["tool-brush", "B", "Brush"],
    ["tool-eraser", "E", "Eraser"],
    ["tool-select", "V", "Select"],
    ["tool-polygon", "O", "Outline: move vertices"],
    ["brush-larger", "]", "Larger brush"],
    ["brush-smaller", "[", "Smaller brush"],
    ["detail-more", "'", "Outline with more detail"],
    ["detail-less", ";", "Outline with less detail"],
    ["remove-vertex", "X", "Remove the outline's last touched vertex"],
  ]),
  ...table<Command>("Corrections", "session", [
    ["fill-holes", "F", "Fill holes"],
    ["keep-largest", "L", "Keep the largest part"],
    ["grow", "G", "Grow by one pixel"],
    ["shrink", "S", "Shrink by one pixel"],
    ["split", "K", "Split into its parts"],
    ["merge", "M", "Merge the selected objects"],
  ]),
  ...table<Command>("Classes", "session", [
    ["class-1", "1", "First class"],
    ["class-2", "2", "Second class"],
    ["class-3", "3", "Third class"],
    ["class-4", "4", "Fourth class"],
    ["class-5", "5", "Fifth class"],
    ["class-6", "6", "Sixth class"],
    ["class-7", "7", "Seventh class"],
    ["class-8", "8", "Eighth class"],
    ["class-9", "9", "Ninth class"],
    ["class-10", "0", "Tenth class"],
  ]),
  ...table<Command>("Images", "session", [
    ["next-image", "PageDown N", "Next image"],
    ["previous-image", "PageUp Shift+N", "Previous image"],
    ["done-and-next", "Ctrl+Enter D", "Mark as done and go on"],
    ["toggle-reviewed", "R", "Mark as reviewed, or not"],
  ]),
  ...table<ViewCommand>("View", "view", [
    ["zoom-in", "+ =", "Zoom in"],
    ["zoom-out", "-", "Zoom out"],
    ["zoom-fit", "Z", "Fit the image"],
    ["zoom-actual", "Shift+Z", "One image pixel for one of the screen"],
    ["zoom-selection", "C", "Zoom to the selected object"],
    ["pan-left", "ArrowLeft", "Move left"],
    ["pan-right", "ArrowRight", "Move right"],
    ["pan-up", "ArrowUp", "Move up"],
    ["pan-down", "ArrowDown", "Move down"],
    ["brighter", "Shift+ArrowUp", "Brighter"],
    ["darker", "Shift+ArrowDown", "Darker"],
    ["more-contrast", "Shift+ArrowRight", "More contrast"],
    ["less-contrast", "Shift+ArrowLeft", "Less contrast"],
    ["reset-tones", "T", "Brightness and contrast as in the photo"],
    ["toggle-masks", "Shift+H", "Hide or show all masks"],
    ["help", "?", "This list"],
  ]),
];

/** What of a KeyboardEvent counts. */
export interface KeyPress {
  readonly key: string;
  /** Where the key is: for alphabets that have no letters of the table. */
  readonly code?: string;
  readonly ctrlKey: boolean;
  /** The Mac's command key: counts as Ctrl. */
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const BY_KEYS = new Map(
  SHORTCUTS.flatMap((shortcut) => shortcut.keys.map((keys) => [keys, shortcut] as const)),
);

const SIGNS: { readonly [code: string]: string } = {
  BracketLeft: "[", BracketRight: "]", Semicolon: ";", Quote: "'", Comma: ",", Period: ".",
};

/**
 * The key by name, letters in capitals. On a keyboard with other letters than Latin ones (Greek,
 * Cyrillic, Hebrew), what stands at its place on a Latin one.
 */
export function keyName({ key, code = "" }: KeyPress): string {
  if (!/^\p{L}$/u.test(key)) return key;
  if (/^\p{Script=Latin}$/u.test(key)) return key.toUpperCase();
  return /^Key([A-Z])$/.exec(code)?.[1] ?? SIGNS[code] ?? key.toUpperCase();
}

/** Null for a key that means nothing here. */
export function shortcutOf(press: KeyPress): Shortcut | null {
  if (press.altKey) return null;
  const name = keyName(press);
  // A sign such as "?" has its shift in it already, on whatever keyboard.
  const shift = press.shiftKey && (/^\p{L}$/u.test(name) || name.length > 1);
  const prefix = `${press.ctrlKey || press.metaKey ? "Ctrl+" : ""}${shift ? "Shift+" : ""}`;
  return BY_KEYS.get(prefix + name) ?? null;
}

const WHILE_HELD: ReadonlySet<string> = new Set<Command | ViewCommand>([
  "undo", "redo", "remove-point", "brush-larger", "brush-smaller", "detail-more", "detail-less",
  "grow", "shrink", "select-next", "select-previous", "next-image", "previous-image",
  "zoom-in", "zoom-out", "pan-left", "pan-right", "pan-up", "pan-down",
  "brighter", "darker", "more-contrast", "less-contrast",
]);

/** Whether a key that is held down goes on doing it: only what a person watches and stops. */
export function goesOnWhileHeld(command: string): boolean {
  return WHILE_HELD.has(command);
}

/** For buttons' tooltips: the first of its keys. */
export function keysOf(command: Command | ViewCommand): string {
  return SHORTCUTS.find((shortcut) => shortcut.command === command)?.keys[0] ?? "";
}

/** 1 to 10 of "class-1" to "class-10"; null for others. */
export function classNumberOf(command: Command): number | null {
  const match = /^class-(\d+)$/.exec(command);
  return match ? Number(match[1]) : null;
}
