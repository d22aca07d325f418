/** The whole page, put together. */

import type { Api } from "../core/api";
import type { Session } from "../core/session";
import { classNumberOf, SHORTCUTS, type Command, type ViewCommand } from "../core/shortcuts";
import type { SessionState } from "../core/state";
import { CanvasView } from "../view/canvas-view";
import { classPanel } from "./class-panel";
import { conflicts } from "./conflicts";
import type { AnyCommand, PageContext, Part } from "./context";
import { openAuthor, openHelp, openImport, openStatistics } from "./dialogs";
import { h } from "./dom";
import { openExport } from "./export-dialog";
import { filmstrip } from "./filmstrip";
import { counted } from "./format";
import { listenToKeys } from "./keyboard";
import { login } from "./login";
import { objectPanel } from "./object-panel";
import type { PageCommand } from "./page-shortcuts";
import { situationOf } from "./situation";
import { guide, readings, viewBar } from "./stage-notes";
import { currentTheme, nextTheme, useTheme } from "./theme";
import { photoNotes } from "./photo-notes";
import { Toasts } from "./toasts";
import { toolOptions } from "./tool-options";
import { toolRail } from "./tool-rail";
import { topBar } from "./top-bar";
import { welcome } from "./welcome";

const SCOPES = new Map<string, "session" | "view">(
  SHORTCUTS.map(({ command, scope }) => [command, scope]));
const LOUPE = { auto: "on", on: "off", off: "auto" } as const;
const THEME_TEXT = { system: "As the system", light: "Light", dark: "Dark" } as const;
const LOUPE_TEXT = { auto: "Loupe while placing points", on: "Loupe always", off: "No loupe" } as const;

export function showPage(root: HTMLElement, session: Session, api: Api): void {
  const toasts = new Toasts();
  const parts: Part[] = [];
  const view = new CanvasView(session, api, (state) => {
    for (const part of parts) part.viewChanged?.(state);
  }, () => objects.redrawThumbnails());
  const context: PageContext = { session, api, view, run, toast: (toast) => toasts.add(toast) };
  const classes = classPanel(context);
  const objects = objectPanel(context);
  const [top, zoom, options, hint, reading, strip, clash, lock] = [
    topBar(context), viewBar(context), toolOptions(context), guide(), readings(),
    filmstrip(context), conflicts(context), login(context),
  ];
  const [instead, note] = [welcome(context), photoNotes()];
  const rail = toolRail(context, zoom.element);
  parts.push(top, rail, zoom, options, hint, reading, classes, objects, strip, clash, lock, instead, note);
  const app = h("div", { class: "app" }, top.element, rail.element,
    h("div", { class: "bar" }, hint.element, options.element, reading.element),
    h("main", { class: "stage" }, view.element, instead.element, note.element, clash.element, toasts.element),
    h("aside", { class: "side", "aria-label": "Classes and objects" }, classes.element, objects.element),
    strip.element);
  root.replaceChildren(app, lock.element);
  listenToKeys(view, run);
  const back = (): void => void (document.hidden || session.catchUp());
  addEventListener("focus", back);
  document.addEventListener("visibilitychange", back);

  let before: SessionState | null = null;
  const update = (state: SessionState) => {
    // Before the login has the keyboard; nothing behind it can be reached.
    app.inert = state.phase === "locked";
    for (const part of parts) part.update(state, before);
    toasts.update(state);
    if (state.notice && state.notice !== before?.notice && state.phase !== "locked") {
      const situation = situationOf(state);
      toasts.add({
        text: state.notice.text, kind: state.notice.kind, holds: (now) => situationOf(now) === situation,
        // Problems are kept side by side: each may be of another kind.
        ...(state.notice.kind === "info" ? { topic: "notice" } : {}),
      });
    }
    before = state;
  };
  session.subscribe((state) => update(state));
  update(session.state);
  for (const part of parts) part.viewChanged?.(view.state);

  function run(command: AnyCommand): void {
    const scope = SCOPES.get(command);
    if (scope === "session") runInSession(command as Command);
    else if (command === "help") openHelp();
    else if (scope === "view") view.run(command as ViewCommand);
    else runPage(command as PageCommand);
  }

  function runInSession(command: Command): void {
    const { draft, selected, project } = session.state;
    const number = classNumberOf(command);
    if (number !== null && number > (project?.classes.length ?? 0)) return;
    const before = session.state.objects.length;
    session.run(command);
    const gone = before - session.state.objects.length;
    if (command === "remove" && !draft && selected.length > 0 && gone > 0) {
      const { objects, history: { undoLabel } } = session.state;
      toasts.add({
        text: `Deleted ${counted(gone, "object")}`, topic: "deleted",
        // Later the button would undo something else.
        holds: (now) => now.objects.length === objects.length && now.history.undoLabel === undoLabel,
        action: { label: "Undo", run: () => session.run("undo") },
      });
    }
  }

  function runPage(command: PageCommand): void {
    switch (command) {
      case "toggle-loupe":
        view.set({ loupe: LOUPE[view.state.loupe] });
        return toasts.add({ text: LOUPE_TEXT[view.state.loupe], topic: "loupe" });
      case "toggle-images": return void app.classList.toggle("without-strip");
      case "toggle-panel": return void app.classList.toggle("without-side");
      case "toggle-theme": {
        useTheme(nextTheme(currentTheme()));
        return toasts.add({ text: THEME_TEXT[currentTheme()], topic: "theme" });
      }
      case "next-unreviewed-order": {
        const { order } = session.state.list.filter;
        return void session.filter({ order: order === "path" ? "confidence" : "path" });
      }
      case "add-class": return classes.add();
      case "rename-class": return classes.renameCurrent();
      case "export": return openExport(context);
      case "import": return openImport(context);
      case "statistics": return void openStatistics(context);
      case "author": return openAuthor(context);
      case "refresh-photos": return void session.refreshPhotos();
      case "keep-mine":
      case "keep-theirs": {
        const [conflict] = session.state.conflicts;
        if (conflict) session.resolveConflict(conflict.key, command === "keep-mine" ? "mine" : "theirs");
      }
    }
  }
}
