/** The session's parts, put together. */

import type { Api } from "./api";
import { Classing } from "./classing";
import type { Clock } from "./clock";
import { Conflicts } from "./conflicts";
import { Correcting } from "./correcting";
import { Drafting } from "./drafting";
import { EffortMeter } from "./effort-meter";
import { Gallery } from "./gallery";
import { Keepsake, type Storage } from "./keepsake";
import { PointEditing } from "./point-editing";
import { Pointing } from "./pointing";
import { Predictor } from "./predictor";
import { Redrawing } from "./redrawing";
import { Reshaping } from "./reshaping";
import { Saver } from "./saver";
import { Selecting } from "./selecting";
import { Store } from "./store";
import { Undoing } from "./undoing";

export interface SessionPorts {
  readonly api: Api;
  readonly clock: Clock;
  readonly storage: Storage;
  /** A fresh unguessable name of letters, digits and dashes (crypto.randomUUID). */
  readonly newId: () => string;
}

export interface Workshop {
  readonly store: Store;
  readonly effort: EffortMeter;
  readonly predictor: Predictor;
  readonly saver: Saver;
  readonly conflicts: Conflicts;
  readonly drafting: Drafting;
  readonly correcting: Correcting;
  readonly selecting: Selecting;
  readonly reshaping: Reshaping;
  readonly points: PointEditing;
  readonly pointing: Pointing;
  readonly undoing: Undoing;
  readonly gallery: Gallery;
  readonly classing: Classing;
  readonly keepsake: () => Keepsake;
  /** The project is known: what was kept is kept under its name. */
  readonly nameProject: (project: string) => void;
}

export function workshop({ api, clock, storage, newId }: SessionPorts): Workshop {
  const store = new Store();
  const effort = new EffortMeter(clock);
  let kept = keepsakeOf("");
  const keepsake = (): Keepsake => kept;
  function keepsakeOf(project: string): Keepsake {
    return new Keepsake(storage, project, (problem) => store.warn(problem));
  }
  const predictor = new Predictor({
    api,
    clock,
    stream: newId(),
    predicted: (prediction, tookMs) =>
      store.together(() => drafting.predicted(prediction, tookMs)),
    failed: (problem, again) => drafting.failed(problem, again),
    locked: () => store.set({ phase: "locked" }),
  });
  const conflicts = new Conflicts({ store, saver: () => saver, keepsake });
  const saver = new Saver({
    api,
    clock,
    store,
    keepsake,
    newId,
    confirmed: (image, before) => gallery.confirmed(image, before),
    conflicted: (found) => conflicts.add(found),
    refused: (action) => drafting.giveBack(action),
  });
  const drafting = new Drafting({ store, predictor, saver, effort, keepsake });
  const correcting = new Correcting({ store, drafting, saver, effort });
  const selecting = new Selecting({ store, drafting, saver, effort });
  const reshaping = new Reshaping({ store, correcting });
  const redrawing = new Redrawing({ store, correcting });
  const points = new PointEditing({ store, drafting });
  const pointing = new Pointing({
    store, drafting, points, correcting, selecting, reshaping, redrawing, effort,
  });
  const leaving = (): void => {
    pointing.letGo();
    drafting.keep();
  };
  const gallery = new Gallery({ api, store, saver, drafting, leaving });
  const failed = (error: unknown): void => gallery.failed(error);
  const classing = new Classing({ api, store, drafting, selecting, failed });
  storage.onRemoved?.((key, text) => {
    const removed = kept.removedDraft(key, text);
    if (removed) store.together(() => drafting.endedElsewhere(removed.imageId, removed.kept));
  });
  const undoing = new Undoing({ store, drafting, saver, classing });
  return {
    store, effort, predictor, saver, conflicts, drafting, correcting, selecting, reshaping,
    points, pointing, undoing, gallery, classing, keepsake,
    nameProject: (project) => {
      kept = keepsakeOf(project);
    },
  };
}
