import { describe, expect, test } from "vitest";

import { SHORTCUTS, classNumberOf, goesOnWhileHeld, keysOf, shortcutOf, type KeyPress } from "./shortcuts";

const press = (key: string, change: Partial<KeyPress> = {}): KeyPress => ({
  key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...change,
});
const commandOf = (...args: Parameters<typeof press>): string | undefined =>
  shortcutOf(press(...args))?.command;

describe("shortcuts", () => {
  test("no key means two things", () => {
    const keys = SHORTCUTS.flatMap((shortcut) => shortcut.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });
  test("every command has a key, a label and one row", () => {
    for (const { keys, label } of SHORTCUTS) {
      expect(keys[0]).toBeTruthy();
      expect(label).toBeTruthy();
    }
    const commands = SHORTCUTS.map(({ command }) => command);
    expect(new Set(commands).size).toBe(commands.length);
  });
  test("letters count with and without capitals; Ctrl and the Mac's command key are one", () => {
    expect(commandOf("b")).toBe("tool-brush");
    expect(commandOf("B")).toBe("tool-brush");
    expect(commandOf("z", { ctrlKey: true })).toBe("undo");
    expect(commandOf("Z", { metaKey: true, shiftKey: true })).toBe("redo");
    expect(commandOf("y", { ctrlKey: true })).toBe("redo");
  });
  test("signs count as they are typed, whatever the keyboard needs for them", () => {
    expect(commandOf("?", { shiftKey: true })).toBe("help");
    expect(commandOf("+", { shiftKey: true })).toBe("zoom-in");
    expect(commandOf("]")).toBe("brush-larger");
  });
  test("where letters are not Latin ones, the key's place counts", () => {
    expect(commandOf("и", { code: "KeyB" })).toBe("tool-brush");
    expect(commandOf("Я", { code: "KeyZ", ctrlKey: true, shiftKey: true })).toBe("redo");
    expect(commandOf("ъ", { code: "BracketRight" })).toBe("brush-larger");
    expect(commandOf("ю", { code: "Period" })).toBe("select-next");
    expect(commandOf("b", { code: "KeyN" })).toBe("tool-brush"); // Dvorak
    expect(commandOf("ö", { code: "Semicolon" })).toBeUndefined(); // German
  });
  test("a key that is held down does nothing twice that nobody would see", () => {
    expect(["next-image", "undo", "pan-left"].map(goesOnWhileHeld)).toEqual([true, true, true]);
    for (const once of ["done-and-next", "toggle-reviewed", "remove", "accept", "export"]) {
      expect(goesOnWhileHeld(once), once).toBe(false);
    }
  });
  test("Shift makes another key of letters and arrows", () => {
    expect(commandOf("N", { shiftKey: true })).toBe("previous-image");
    expect(commandOf("ArrowUp")).toBe("pan-up");
    expect(commandOf("ArrowUp", { shiftKey: true })).toBe("brighter");
  });
  test("other keys mean nothing", () => {
    expect(shortcutOf(press("b", { altKey: true }))).toBeNull();
    expect(shortcutOf(press("b", { ctrlKey: true }))).toBeNull();
    expect(shortcutOf(press("Tab"))).toBeNull();
  });
  test("0 is the tenth class", () => {
    const shortcut = shortcutOf(press("0"));
    expect(shortcut?.command).toBe("class-10");
    expect(classNumberOf("class-10")).toBe(10);
    expect(classNumberOf("accept")).toBeNull();
    expect(keysOf("accept")).toBe("Enter");
  });
});
