/** Paints points, the crosshair and the brush's ring: always the same size on the screen. */

import type { SessionState } from "../core/state";
import type { Point } from "../core/types";
import { toScreen } from "./viewport";
import type { WorkView } from "./work-painter";

type Context = CanvasRenderingContext2D;

export const HALO = "rgba(0, 0, 0, 0.55)";
/** The same on any photo, in light and dark. */
export const ACCENT = "#2f8cff";

/** A light line on a dark one: seen on any photo. */
export function strokeTwice(context: Context, ratio: number): void {
  context.lineJoin = "round";
  context.strokeStyle = HALO;
  context.lineWidth = 3 * ratio;
  context.stroke();
  context.strokeStyle = "#fff";
  context.lineWidth = 1.25 * ratio;
  context.stroke();
}

/** The points of the draft, or of the object that is being edited. */
export function pointsShown(state: SessionState): readonly Point[] {
  if (state.draft) return state.draft.points;
  if (state.editing === null || state.tool !== "points") return [];
  return state.objects.find(({ id }) => id === state.editing)?.points ?? [];
}

export function paintPoints(context: Context, state: SessionState, view: WorkView): void {
  if (state.tool === "polygon" || state.stroke) return;
  const { viewport, ratio } = view;
  const places = pointsShown(state).map((point) => toScreen(viewport, point));
  if (places.length >= 2 && places.length < 4) {
    const xs = places.map(([x]) => x * ratio);
    const ys = places.map(([, y]) => y * ratio);
    const [left, top] = [Math.min(...xs), Math.min(...ys)];
    context.setLineDash([4 * ratio, 4 * ratio]);
    context.lineWidth = ratio;
    context.strokeStyle = HALO;
    context.strokeRect(left, top, Math.max(...xs) - left, Math.max(...ys) - top);
    context.lineDashOffset = 4 * ratio;
    context.strokeStyle = "rgba(255, 255, 255, 0.9)";
    context.strokeRect(left, top, Math.max(...xs) - left, Math.max(...ys) - top);
    context.setLineDash([]);
    context.lineDashOffset = 0;
  }
  const ahead = state.ahead.map((point) => toScreen(viewport, point));
  for (const [x, y] of [...places, ...ahead]) {
    context.beginPath();
    context.arc(x * ratio, y * ratio, 5.5 * ratio, 0, 2 * Math.PI);
    context.fillStyle = HALO;
    context.fill();
    context.beginPath();
    context.arc(x * ratio, y * ratio, 4.25 * ratio, 0, 2 * Math.PI);
    context.fillStyle = "#fff";
    context.fill();
    context.beginPath();
    context.arc(x * ratio, y * ratio, 2 * ratio, 0, 2 * Math.PI);
    context.fillStyle = ACCENT;
    context.fill();
  }
}

export function paintPointer(context: Context, state: SessionState, view: WorkView): void {
  const { pointer, ratio, viewport } = view;
  if (!pointer) return;
  const [x, y] = [pointer[0] * ratio, pointer[1] * ratio];
  if (state.tool === "brush" || state.tool === "eraser") {
    context.beginPath();
    context.arc(x, y, Math.max(state.brushRadiusPx * viewport.scale, 1) * ratio, 0, 2 * Math.PI);
    strokeTwice(context, ratio);
  } else if (state.tool === "points") {
    paintCrosshair(context, x, y, 3 * ratio, "rgba(0, 0, 0, 0.35)", ratio);
    paintCrosshair(context, x, y, ratio, "rgba(255, 255, 255, 0.75)", ratio);
    context.fillStyle = "#fff";
    context.fillRect(Math.floor(x) - ratio / 2, Math.floor(y) - ratio / 2, ratio * 2, ratio * 2);
  }
}

/** Across the whole canvas, to see what stands furthest out; open where the pointer is. */
function paintCrosshair(
  context: Context, x: number, y: number, width: number, color: string, ratio: number,
): void {
  const gap = 10 * ratio;
  const [cx, cy] = [Math.floor(x) + 0.5, Math.floor(y) + 0.5];
  context.strokeStyle = color;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(0, cy);
  context.lineTo(cx - gap, cy);
  context.moveTo(cx + gap, cy);
  context.lineTo(context.canvas.width, cy);
  context.moveTo(cx, 0);
  context.lineTo(cx, cy - gap);
  context.moveTo(cx, cy + gap);
  context.lineTo(cx, context.canvas.height);
  context.stroke();
}
