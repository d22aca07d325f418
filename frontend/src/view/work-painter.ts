/** Paints what is under the hand: selection, draft, points, stroke, polygon, crosshair. */

import type { SessionState, ShownObject, Stroke } from "../core/state";
import type { MaskRuns, Point } from "../core/types";
import { ACCENT, HALO, paintPointer, paintPoints, strokeTwice } from "./marks-painter";
import { paintObject, type ObjectLook } from "./object-cells";
import type { ObjectShapes } from "./object-shapes";
import { toScreen, type Viewport } from "./viewport";

export interface WorkView {
  readonly viewport: Viewport;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  readonly opacity: number;
  readonly masksShown: boolean;
  /** The pointer in CSS pixels; null when it is elsewhere. */
  readonly pointer: Point | null;
  colorOf(classId: number): string;
}

type Context = CanvasRenderingContext2D;

/** More corners than this are not shown one by one. */
const MOST_HANDLES = 3000;

/** The objects that are painted here and not with the others: they are being changed. */
export function objectsApart(state: SessionState): ReadonlySet<number> {
  const apart = new Set<number>();
  if (state.draft?.objectId != null) apart.add(state.draft.objectId);
  if (["brush", "eraser", "polygon"].includes(state.tool)) {
    for (const id of state.selected) apart.add(id);
  }
  return apart;
}

export class WorkPainter {
  private scratch: OffscreenCanvas | null = null;

  constructor(private readonly shapes: ObjectShapes) {}

  /** In a context whose unit is the device pixel. */
  paint(context: Context, state: SessionState, view: WorkView): void {
    const selected = new Set(state.selected);
    const apart = objectsApart(state);
    // Hidden with the others; under the brush it has to be seen.
    const masksShown = view.masksShown || state.stroke !== null;
    for (const object of masksShown ? state.objects : []) {
      if (!selected.has(object.id) || object.id === state.draft?.objectId) continue;
      this.paintSelected(context, object, apart.has(object.id) ? state.stroke : null,
        apart.has(object.id), view);
    }
    const { draft } = state;
    if (masksShown && draft?.mask && draft.mask.runs.length > 0) {
      this.paintMask(context, draft.mask, view.colorOf(draft.classId), state.stroke, view,
        draft.predicting ? 0.6 : 1, true);
    } else if (state.stroke && selected.size === 0) {
      const color = view.colorOf(draft?.classId ?? state.classId ?? -1);
      inImageUnits(context, view, () => paintStroke(context, state.stroke!, color, 0.45));
    }
    if (state.polygon) paintPolygon(context, state, view);
    if (state.edge) paintEdge(context, state.edge, view);
    paintPoints(context, state, view);
    paintPointer(context, state, view);
  }

  private paintSelected(
    context: Context, object: ShownObject, stroke: Stroke | null, withFill: boolean, view: WorkView,
  ): void {
    if (object.mask.runs.length === 0) return;
    if (!object.visible && !withFill) return;
    this.paintMask(context, object.mask, view.colorOf(object.class_id), stroke, view, 1, withFill);
  }

  private paintMask(
    context: Context, mask: MaskRuns, color: string, stroke: Stroke | null, view: WorkView,
    alpha: number, withFill: boolean,
  ): void {
    const deviceScale = view.viewport.scale * view.ratio;
    const path = this.shapes.path(mask, deviceScale);
    const look: ObjectLook = {
      opacity: withFill ? Math.max(view.opacity - 0.1, 0.1) : 0.15, lineWidth: 2 * view.ratio,
    };
    if (stroke) {
      // The stroke adds to the mask or takes from it before both are laid over the photo.
      const layer = this.layerOf(context);
      inImageUnits(layer, view, () => {
        layer.fillStyle = color;
        layer.fill(path, "evenodd");
        layer.globalCompositeOperation = stroke.erase ? "destination-out" : "source-over";
        paintStroke(layer, stroke, color, 1);
        layer.globalCompositeOperation = "source-over";
      });
      context.globalAlpha = Math.max(look.opacity, 0.4);
      context.drawImage(layer.canvas, 0, 0);
      context.globalAlpha = 1;
    }
    inImageUnits(context, view, () => {
      context.globalAlpha = 0.5 * alpha;
      context.strokeStyle = "#000";
      context.lineJoin = "round";
      context.lineWidth = (4 * view.ratio) / deviceScale;
      context.stroke(path);
      paintObject(context, path, color, stroke ? { ...look, opacity: 0 } : look, deviceScale);
      context.strokeStyle = "#fff";
      context.globalAlpha = 0.9 * alpha;
      context.lineWidth = view.ratio / deviceScale;
      context.stroke(path);
      context.globalAlpha = 1;
    });
  }

  private layerOf(context: Context): Context {
    const { width, height } = context.canvas;
    this.scratch ??= new OffscreenCanvas(width, height);
    if (this.scratch.width !== width || this.scratch.height !== height) {
      this.scratch.width = width;
      this.scratch.height = height;
    }
    const layer = this.scratch.getContext("2d") as unknown as Context;
    layer.setTransform(1, 0, 0, 1, 0, 0);
    layer.clearRect(0, 0, width, height);
    return layer;
  }
}

/** Image edge coordinates while `paint` runs. */
export function inImageUnits(
  context: Context, { viewport, ratio }: Pick<WorkView, "viewport" | "ratio">, paint: () => void,
): void {
  const scale = viewport.scale * ratio;
  context.setTransform(scale, 0, 0, scale,
    -Math.round(viewport.left * scale), -Math.round(viewport.top * scale));
  paint();
  context.setTransform(1, 0, 0, 1, 0, 0);
}

function paintStroke(context: Context, stroke: Stroke, color: string, alpha: number): void {
  const [first] = stroke.path;
  if (!first) return;
  context.globalAlpha = alpha;
  context.strokeStyle = color;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.lineWidth = 2 * stroke.radiusPx;
  context.beginPath();
  context.moveTo(first[0] + 0.5, first[1] + 0.5);
  for (const [x, y] of stroke.path) context.lineTo(x + 0.5, y + 0.5);
  context.stroke();
  context.globalAlpha = 1;
}

function paintEdge(
  context: Context, path: readonly Point[], { viewport, ratio }: WorkView,
): void {
  trace(context, path.map((point) => toScreen(viewport, point)), ratio);
  strokeTwice(context, ratio);
}

/** Begins a path along places on the screen. */
function trace(context: Context, places: readonly Point[], ratio: number): void {
  context.beginPath();
  places.forEach(([x, y], i) =>
    i === 0 ? context.moveTo(x * ratio, y * ratio) : context.lineTo(x * ratio, y * ratio));
}

function paintPolygon(context: Context, { polygon }: SessionState, view: WorkView): void {
  if (!polygon) return;
  const { viewport, ratio } = view;
  const handles = polygon.vertexCount <= MOST_HANDLES;
  const half = 3.5 * ratio;
  polygon.rings.forEach(({ points }, ring) => {
    const places = points.map((point) => toScreen(viewport, point));
    trace(context, places, ratio);
    context.closePath();
    strokeTwice(context, ratio);
    if (!handles) return;
    places.forEach(([x, y], vertex) => {
      if (x < -9 || y < -9 || x > viewport.width + 9 || y > viewport.height + 9) return;
      const active = polygon.active?.ring === ring && polygon.active.vertex === vertex;
      context.fillStyle = active ? ACCENT : "#fff";
      context.strokeStyle = HALO;
      context.lineWidth = ratio;
      const size = active ? half * 1.4 : half;
      context.fillRect(x * ratio - size, y * ratio - size, 2 * size, 2 * size);
      context.strokeRect(x * ratio - size, y * ratio - size, 2 * size, 2 * size);
    });
  });
}
