/** Objects as paths, made once for each level of detail and kept. */

import type { MaskRuns } from "../core/types";
import { lineDetail, outlinesAt, type LineDetail } from "./outlines";

interface Shape {
  readonly path: Path2D;
  readonly vertices: number;
}

/** All kept paths together; about 16 bytes each. */
const MOST_VERTICES = 2_000_000;

export class ObjectShapes {
  private shapes = new Map<MaskRuns, Shape>();
  private detail: LineDetail = { step: 0, tolerance: 0 };
  private vertices = 0;

  /** The mask's outlines in image edge coordinates; fill with "evenodd". */
  path(mask: MaskRuns, deviceScale: number): Path2D {
    const detail = lineDetail(deviceScale);
    if (detail.step !== this.detail.step || detail.tolerance !== this.detail.tolerance) {
      this.clear();
      this.detail = detail;
    }
    const known = this.shapes.get(mask);
    if (known) return known.path;
    const shape = shapeOf(mask, detail);
    this.vertices += shape.vertices;
    for (const [oldest, { vertices }] of this.shapes) {
      if (this.vertices <= MOST_VERTICES) break;
      this.shapes.delete(oldest);
      this.vertices -= vertices;
    }
    this.shapes.set(mask, shape);
    return shape.path;
  }

  clear(): void {
    this.shapes.clear();
    this.vertices = 0;
  }
}

function shapeOf(mask: MaskRuns, detail: LineDetail): Shape {
  const path = new Path2D();
  let vertices = 0;
  for (const line of outlinesAt(mask, detail)) {
    vertices += line.length / 2;
    path.moveTo(line[0]!, line[1]!);
    for (let i = 2; i < line.length; i += 2) path.lineTo(line[i]!, line[i + 1]!);
    path.closePath();
  }
  return { path, vertices };
}
