import type { Box, MaskRuns } from "../core/types";
import type { ObjectShapes } from "../view/object-shapes";
import type { PhotoTiles } from "../view/photo-tiles";

/** The square around a box with some surroundings, in image edge coordinates. */
export function squareAround([x0, y0, x1, y1]: Box): Box {
  const side = Math.max(x1 - x0, y1 - y0, 8) * 1.15;
  const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
  return [x - side / 2, y - side / 2, x + side / 2, y + side / 2];
}

/** Photo and outline of one object, from the tiles that are there; better ones are asked for. */
export function drawThumbnail(
  canvas: HTMLCanvasElement, photo: PhotoTiles | null, mask: MaskRuns, color: string,
  shapes: ObjectShapes, who: string,
): void {
  const context = canvas.getContext("2d")!;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (!photo || mask.runs.length === 0) return;
  const area = squareAround(mask.box);
  const deviceScale = canvas.width / (area[2] - area[0]);
  photo.alsoLook(who, area, deviceScale);
  photo.draw(context, area, { deviceScale, left: area[0], top: area[1] });
  context.setTransform(deviceScale, 0, 0, deviceScale, -area[0] * deviceScale, -area[1] * deviceScale);
  const path = shapes.path(mask, deviceScale);
  context.fillStyle = color;
  context.globalAlpha = 0.3;
  context.fill(path, "evenodd");
  context.globalAlpha = 1;
  context.strokeStyle = color;
  context.lineWidth = 2.5 / deviceScale;
  context.stroke(path);
}
