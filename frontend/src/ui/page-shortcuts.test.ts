import { describe, expect, it } from "vitest";

import { SHORTCUTS } from "../core/shortcuts";
import { helpGroups, PAGE_SHORTCUTS, pageCommandOf } from "./page-shortcuts";

const press = (key: string, shiftKey = false) =>
  ({ key, shiftKey, ctrlKey: false, metaKey: false, altKey: false });

describe("the page's keys", () => {
  it("are not those of the tools", () => {
    const taken = new Set(SHORTCUTS.flatMap(({ keys }) => keys));
    for (const { key } of PAGE_SHORTCUTS) expect(taken.has(key), key).toBe(false);
    expect(new Set(PAGE_SHORTCUTS.map(({ key }) => key)).size).toBe(PAGE_SHORTCUTS.length);
  });

  it("are found with and without Shift", () => {
    expect(pageCommandOf(press("q"))).toBe("toggle-loupe");
    expect(pageCommandOf(press("E", true))).toBe("export");
    expect(pageCommandOf(press("F2"))).toBe("rename-class");
    expect(pageCommandOf(press("e"))).toBeNull();
    expect(pageCommandOf({ ...press("q"), ctrlKey: true })).toBeNull();
  });

  it("are joined in the help by what goes with the mouse", () => {
    const keys = (title: string) =>
      helpGroups().find((group) => group.title === title)!.rows.flatMap((row) => row.keys);
    expect(keys("Mouse and touch")).toEqual(
      expect.arrayContaining(["Shift+Click", "Shift+Wheel", "Right drag"]));
    expect(keys("Lists")).toEqual(["Ctrl+Click", "Shift+Click", "Double click"]);
  });

  it("all stand in the help, with those of the tools", () => {
    const shown = new Set(helpGroups().flatMap(({ rows }) => rows.map(({ label }) => label)));
    for (const { label } of PAGE_SHORTCUTS) expect(shown.has(label), label).toBe(true);
    for (const { label, group } of SHORTCUTS) {
      if (group !== "Classes") expect(shown.has(label), label).toBe(true);
    }
  });
});
