/** What each command of the shortcuts table does. */

import type { Correcting } from "./correcting";
import type { Drafting } from "./drafting";
import type { EffortMeter } from "./effort-meter";
import type { PointEditing } from "./point-editing";
import type { Pointing } from "./pointing";
import type { Reshaping } from "./reshaping";
import type { Selecting } from "./selecting";
import { classNumberOf, type Command } from "./shortcuts";
import type { Tool } from "./state";
import type { Store } from "./store";
import type { Undoing } from "./undoing";

export interface CommandPorts {
  readonly store: Store;
  readonly drafting: Drafting;
  readonly correcting: Correcting;
  readonly selecting: Selecting;
  readonly points: PointEditing;
  readonly pointing: Pointing;
  readonly reshaping: Reshaping;
  readonly undoing: Undoing;
  readonly effort: EffortMeter;
  readonly chooseClass: (classId: number) => void;
  readonly chooseTool: (tool: Tool) => void;
  readonly setBrushRadius: (radiusPx: number) => void;
  readonly setDetail: (tolerancePx: number) => void;
  readonly stepImage: (by: 1 | -1) => void;
  readonly doneAndNext: () => void;
  readonly toggleReviewed: () => void;
}

/** Brush sizes and tolerances go up and down by these factors. */
const BRUSH_STEP = 1.25;
const DETAIL_STEP = 1.4;
/** Below it a smaller tolerance is none at all. */
const LEAST_TOLERANCE_PX = 0.25;

/** These leave what is under the hand there, or end it in their own way. */
const WHILE_HELD: ReadonlySet<Command> = new Set<Command>([
  "undo", "redo", "cancel", "remove", "brush-larger", "brush-smaller", "detail-more", "detail-less",
]);

export function runCommand(command: Command, ports: CommandPorts): void {
  const { store, effort, pointing } = ports;
  effort.input();
  const number = classNumberOf(command);
  store.together(() => {
    // Two hands overlap: the stroke is of the object that it was drawn on.
    if (number === null && !WHILE_HELD.has(command)) pointing.finish();
    if (number !== null) chooseClassByNumber(number, ports);
    else COMMANDS[command as Exclude<Command, `class-${number}`>](ports);
  });
}

function chooseClassByNumber(number: number, { store, chooseClass }: CommandPorts): void {
  const chosen = store.desk.project?.classes[number - 1];
  if (chosen) chooseClass(chosen.id);
  else store.tell(`There is no class ${number}.`);
}

const COMMANDS: {
  readonly [C in Exclude<Command, `class-${number}`>]: (ports: CommandPorts) => void;
} = {
  accept: ({ drafting, store }) => {
    if (drafting.content) drafting.accept();
    else store.set({ selected: [], editing: null });
  },
  cancel: (ports) => cancel(ports),
  remove: (ports) => remove(ports),
  undo: ({ undoing, pointing }) => (pointing.holding ? pointing.letGo() : undoing.undo()),
  redo: ({ undoing, pointing }) => {
    if (!pointing.holding) undoing.redo();
  },
  "tool-points": ({ chooseTool }) => chooseTool("points"),
  "tool-brush": ({ chooseTool }) => chooseTool("brush"),
  "tool-eraser": ({ chooseTool }) => chooseTool("eraser"),
  "tool-select": ({ chooseTool }) => chooseTool("select"),
  "tool-polygon": ({ chooseTool }) => chooseTool("polygon"),
  "brush-larger": ({ store, setBrushRadius }) =>
    setBrushRadius(store.desk.brushRadiusPx * BRUSH_STEP),
  "brush-smaller": ({ store, setBrushRadius }) =>
    setBrushRadius(store.desk.brushRadiusPx / BRUSH_STEP),
  "detail-more": ({ store, setDetail }) => {
    const finer = store.desk.tolerancePx / DETAIL_STEP;
    setDetail(finer < LEAST_TOLERANCE_PX ? 0 : finer);
  },
  "detail-less": ({ store, setDetail }) =>
    setDetail(Math.max(LEAST_TOLERANCE_PX, store.desk.tolerancePx * DETAIL_STEP)),
  "fill-holes": ({ correcting }) => correcting.correct({ kind: "fill-holes" }),
  "keep-largest": ({ correcting }) => correcting.correct({ kind: "keep-largest" }),
  grow: ({ correcting }) => correcting.correct({ kind: "grow" }),
  shrink: ({ correcting }) => correcting.correct({ kind: "shrink" }),
  split: ({ correcting }) => correcting.split(),
  merge: ({ correcting }) => correcting.merge(),
  "select-next": ({ selecting }) => selecting.step(1),
  "select-previous": ({ selecting }) => selecting.step(-1),
  edit: ({ store, selecting }) => {
    const id = store.desk.selected.at(-1);
    if (id === undefined) store.tell("Select an object first.");
    else selecting.edit(id);
  },
  "remove-vertex": ({ reshaping, store }) => {
    if (!reshaping.removeActive()) store.tell("Touch a vertex of the outline first.");
  },
  "remove-point": ({ points }) => points.remove(),
  "toggle-visible": ({ selecting }) => selecting.toggleVisible(),
  "toggle-lock": ({ selecting }) => selecting.toggleLock(),
  "next-image": ({ stepImage }) => stepImage(1),
  "previous-image": ({ stepImage }) => stepImage(-1),
  "done-and-next": ({ doneAndNext }) => doneAndNext(),
  "toggle-reviewed": ({ toggleReviewed }) => toggleReviewed(),
};

function cancel({ pointing, drafting, store }: CommandPorts): void {
  if (pointing.holding) pointing.letGo();
  else if (drafting.content) drafting.discard();
  else store.set({ selected: [], editing: null });
}

function remove({ pointing, drafting, selecting, reshaping, store }: CommandPorts): void {
  if (pointing.holding) pointing.letGo();
  if (store.desk.tool === "polygon" && reshaping.removeActive()) return;
  if (drafting.content) drafting.discard();
  else selecting.remove(store.desk.selected);
}
