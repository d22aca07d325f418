/** What the parts of the page share. */

import type { Api } from "../core/api";
import type { Session } from "../core/session";
import type { Command, ViewCommand } from "../core/shortcuts";
import type { SessionState } from "../core/state";
import type { CanvasView } from "../view/canvas-view";
import type { ViewState } from "../view/view-state";
import type { PageCommand } from "./page-shortcuts";

export type AnyCommand = Command | ViewCommand | PageCommand;

export interface Toast {
  readonly text: string;
  readonly kind?: "info" | "problem";
  readonly action?: { readonly label: string; readonly run: () => void };
  /** It takes the place of an older one with the same topic. */
  readonly topic?: string;
  /** False: it is out of date. Every note is when another image is shown. */
  readonly holds?: (state: SessionState) => boolean;
}

export interface PageContext {
  readonly session: Session;
  readonly api: Api;
  readonly view: CanvasView;
  run(command: AnyCommand): void;
  toast(toast: Toast): void;
}

/** A part of the page: an element and what it does when something changed. */
export interface Part {
  readonly element: HTMLElement;
  update(state: SessionState, before: SessionState | null): void;
  viewChanged?(view: ViewState): void;
}
