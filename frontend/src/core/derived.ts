/** What follows from the rest of the state, found anew only where something it needs changed. */

import { lastClassSteps, type Desk, type PendingAction } from "./desk";
import { maskOf, shownDraft } from "./draft";
import { polygonOf, type PolygonView } from "./polygon";
import { bitmapOf, sameMask } from "./runs";
import { shownObjects } from "./shown-objects";
import type { Draft, History, Saving, ShownObject } from "./state";
import type { MaskRuns } from "./types";

export function derived(desk: Desk, before: Desk): Desk {
  const changed = (...keys: (keyof Desk)[]): boolean =>
    keys.some((key) => desk[key] !== before[key]);
  let now = desk;
  if (changed("image", "pending", "project")) {
    const objects = objectsOf(now);
    now = { ...now, objects, saving: savingOf(now), ...selectionAmong(now, objects) };
  }
  if (changed("retrying")) now = { ...now, saving: savingOf(now) };
  if (changed("steps", "accepting", "draftProblem", "image")) now = { ...now, draft: draftOf(now) };
  if (changed("image", "pending", "steps", "undoneBelow", "doneAbove", "undoneAbove", "classSteps")) {
    now = { ...now, history: historyOf(now) };
  }
  return withPolygon(now, before);
}

function pendingActions(desk: Desk): readonly PendingAction[] {
  return desk.pending.filter(
    (entry): entry is PendingAction => entry.kind === "action" && entry.imageId === desk.image?.id,
  );
}

function objectsOf(desk: Desk): readonly ShownObject[] {
  if (!desk.image) return [];
  return shownObjects(desk.image, pendingActions(desk), desk.project?.author ?? "");
}

/** The selection without objects that are gone. */
function selectionAmong(
  { selected, editing }: Desk,
  objects: readonly ShownObject[],
): Pick<Desk, "selected" | "editing"> {
  const ids = new Set(objects.map(({ id }) => id));
  const left = selected.filter((id) => ids.has(id));
  return {
    selected: left.length < selected.length ? left : selected,
    editing: editing !== null && ids.has(editing) ? editing : null,
  };
}

function savingOf({ pending, retrying }: Desk): Saving {
  const waiting = pending.length;
  if (!waiting) return { state: "saved", waiting, problem: null, attempts: 0 };
  return {
    state: retrying ? "retrying" : "saving",
    waiting,
    problem: retrying?.problem ?? null,
    attempts: retrying?.attempts ?? 0,
  };
}

function draftOf(desk: Desk): Draft | null {
  const { content } = desk.steps.present;
  if (!content || !desk.image) return null;
  const { accepting, draftProblem } = desk;
  return shownDraft(content, desk.image, { accepting, problem: draftProblem });
}

/**
 * The classes first, then the draft's steps, what is on its way, and what the server remembers.
 */
function historyOf(desk: Desk): History {
  const below = imagesHistory(desk);
  const { undoLabel = null, redoLabel = null } = lastClassSteps(desk) ?? {};
  return {
    canUndo: undoLabel !== null || below.canUndo,
    canRedo: redoLabel !== null || below.canRedo,
    undoLabel: undoLabel ?? below.undoLabel,
    redoLabel: redoLabel ?? below.redoLabel,
  };
}

function imagesHistory(desk: Desk): History {
  const { steps, image } = desk;
  const entries = desk.pending.filter(({ imageId }) => imageId === image?.id);
  const ownSteps = steps.past.length > 0;
  const ownUndo = ownSteps && desk.doneAbove === 0;
  const ownRedo = steps.future.length > 0 && (ownSteps || desk.undoneBelow === 0);
  const serversRedo = entries.at(-1)?.kind === "undo" || (image?.can_redo ?? false);
  const lastAction = pendingActions(desk).at(-1);
  return {
    canUndo: ownUndo || entries.length > 0 || (image?.can_undo ?? false),
    canRedo: ownRedo || ((!ownSteps || desk.undoneAbove > 0) && serversRedo),
    undoLabel: ownUndo ? steps.present.label : (lastAction?.label ?? image?.undo_label ?? null),
    redoLabel: ownRedo ? (steps.future.at(-1)?.label ?? null) : (image?.redo_label ?? null),
  };
}

/** What corrections go to, if it has a mask: the draft, else the one selected object. */
export function maskAtHand(desk: Desk): MaskRuns | null {
  const { content } = desk.steps.present;
  if (content) return desk.image && maskOf(content, desk.image);
  if (desk.selected.length !== 1) return null;
  return desk.objects.find(({ id }) => id === desk.selected[0])?.mask ?? null;
}

function withPolygon(desk: Desk, before: Desk): Desk {
  const mask = desk.tool === "polygon" ? maskAtHand(desk) : null;
  const polygon = desk.reshaping ?? (mask && polygonWith(desk, before, mask));
  return polygon === desk.polygon ? desk : { ...desk, polygon };
}

function polygonWith(desk: Desk, before: Desk, mask: MaskRuns): PolygonView {
  const { shaped, tolerancePx } = desk;
  const same =
    desk.polygon &&
    !before.reshaping &&
    before.tool === "polygon" &&
    before.tolerancePx === tolerancePx &&
    before.shaped === shaped &&
    maskAtHand(before) === mask;
  if (same) return desk.polygon;
  // Vertices stay where the hand put them: found anew, they would lie on corners of pixels.
  const left = shaped?.tolerancePx === tolerancePx && sameMask(shaped.mask, mask);
  return left ? shaped.polygon : polygonOf(bitmapOf(mask), tolerancePx);
}
