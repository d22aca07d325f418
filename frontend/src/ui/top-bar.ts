import type { SessionState } from "../core/state";
import { commandButton, iconButton, keepFocus, textButton } from "./buttons";
import type { PageContext, Part } from "./context";
import { h, setText } from "./dom";
import { icon } from "./icons";
import { keysFor, type PageCommand } from "./page-shortcuts";
import { menuItem, popover } from "./popover";
import { tailText } from "./tail-text";

const MENU: readonly (readonly [PageCommand, string] | null)[] = [
  ["export", "Export…"], ["import", "Import…"], ["statistics", "Progress and cost"], null,
  ["refresh-photos", "Look for new photos"], ["author", "Your name…"], null,
  ["toggle-theme", "Light or dark"], ["toggle-images", "Images"], ["toggle-panel", "Panel"],
];

/** Which image, whether everything is saved, and the way on. */
export function topBar(context: PageContext): Part {
  const { session } = context;
  const project = h("span", { class: "project-name" });
  const name = tailText("h1", "image-name");
  const position = h("span", { class: "position" });
  const saved = h("span", { class: "save-state", role: "status" });
  const reviewed = textButton("Mark reviewed", () => context.run("toggle-reviewed"), { keys: "R", class: "toggle" });
  const done = textButton("Mark done", () => toggleDone(context), { class: "toggle" });
  const next = textButton("Done, next", () => context.run("done-and-next"), {
    keys: keysFor("done-and-next"), class: "primary",
  });
  const more = h("button", {
    type: "button", class: "icon-button", "aria-label": "Menu", title: "Menu",
  }, icon("menu"));
  let panel: HTMLElement;
  const logout = menuItem(() => panel, "Log out", "", () => void session.logout());
  panel = popover(more, "Menu", "menu",
    ...MENU.map((row) => row === null
      ? h("hr")
      : menuItem(() => panel, row[1], keysFor(row[0]), () => context.run(row[0]))), logout);
  const element = h("header", { class: "top" },
    h("span", { class: "brand", "aria-hidden": "true" }), project,
    h("div", { class: "top-image" },
      commandButton(context, "previous-image", "previous", "Previous image"),
      commandButton(context, "next-image", "next", "Next image"), name.element, position),
    h("div", { class: "spring" }), saved, reviewed, done, next,
    iconButton("help", "Keys and help", () => context.run("help"), "?"), more, panel);
  keepFocus(element);
  return {
    element,
    update: (state, before) => {
      setText(project, state.project?.name ?? "extremecut");
      name.show(state.image?.path ?? "");
      name.element.title = state.image?.path ?? "";
      if (!before || state.list !== before.list || state.image !== before.image) {
        const index = state.list.items.findIndex(({ id }) => id === state.image?.id);
        setText(position, index >= 0 ? `${index + 1} of ${state.list.total}` : "");
        document.title = state.image ? `${state.image.path} – extremecut` : "extremecut";
      }
      const isDone = state.image?.status === "done";
      setText(done, isDone ? "Done" : "Mark done");
      done.setAttribute("aria-pressed", String(isDone));
      setText(reviewed, state.image?.reviewed_by ? "Reviewed" : "Mark reviewed");
      reviewed.setAttribute("aria-pressed", String(state.image?.reviewed_by != null));
      reviewed.title = state.image?.reviewed_by ? `Reviewed by ${state.image.reviewed_by}  (R)` : "Mark as reviewed  (R)";
      for (const button of [done, reviewed, next]) button.disabled = !state.image;
      logout.hidden = !(state.project as { login?: boolean } | null)?.login;
      showSaving(saved, state);
    },
  };
}

function showSaving(element: HTMLElement, { saving, image }: SessionState): void {
  element.dataset["state"] = saving.state;
  const text = { saved: "Saved", saving: "Saving", retrying: "Not saved yet" }[saving.state];
  setText(element, image ? text : "");
  element.title = saving.problem
    ?? (saving.state === "saved" ? "Everything is saved on the server" : `${saving.waiting} waiting`);
}

function toggleDone({ session }: PageContext): void {
  void session.setStatus(session.state.image?.status === "done" ? "in_progress" : "done");
}
