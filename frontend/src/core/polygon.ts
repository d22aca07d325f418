/** The mask's outline as vertices to look at and to move. The mask stays the truth. */

import type { Bitmap } from "./bitmap";
import { outlinesOf, type Ring } from "./contours";
import { simplified } from "./simplify";
import type { Point } from "./types";

export interface PolygonRing {
  /** Without the first again at the end. */
  readonly points: readonly Point[];
  readonly hole: boolean;
}

export interface VertexPlace {
  readonly ring: number;
  readonly vertex: number;
}

export interface PolygonView {
  readonly rings: readonly PolygonRing[];
  readonly vertexCount: number;
  /** The vertex under the hand or last touched. */
  readonly active: VertexPlace | null;
}

/** @param tolerancePx how far the polygon may lie from the mask's edge. */
export function polygonOf(bitmap: Bitmap, tolerancePx: number): PolygonView {
  return polygonOfRings(outlinesOf(bitmap).map((ring) => simplified(ring, tolerancePx)));
}

function polygonOfRings(rings: readonly Ring[]): PolygonView {
  const shown = rings.map(({ xy, hole }) => {
    const points: Point[] = [];
    for (let i = 0; i < xy.length; i += 2) points.push([xy[i], xy[i + 1]]);
    return { points, hole };
  });
  return withRings(shown, null);
}

export function ringsOf(polygon: PolygonView): readonly Ring[] {
  return polygon.rings.map(({ points, hole }) => ({ xy: Float64Array.from(points.flat()), hole }));
}

/** The nearest vertex within reach, null for none. */
export function vertexAt(polygon: PolygonView, point: Point, reachPx: number): VertexPlace | null {
  let best: VertexPlace | null = null;
  let least = reachPx;
  polygon.rings.forEach(({ points }, ring) =>
    points.forEach(([x, y], vertex) => {
      const away = Math.hypot(x - point[0], y - point[1]);
      if (away <= least) {
        least = away;
        best = { ring, vertex };
      }
    }),
  );
  return best;
}

/** Where a new vertex would go on the nearest edge within reach: after `vertex` of that ring. */
export function edgeAt(polygon: PolygonView, point: Point, reachPx: number): VertexPlace | null {
  let best: VertexPlace | null = null;
  let least = reachPx;
  polygon.rings.forEach(({ points }, ring) =>
    points.forEach((from, vertex) => {
      const away = distanceToSegment(point, from, points[(vertex + 1) % points.length]);
      if (away <= least) {
        least = away;
        best = { ring, vertex };
      }
    }),
  );
  return best;
}

export function distanceToSegment(point: Point, from: Point, to: Point): number {
  const dx = to[0] - from[0];
  const dy = to[1] - from[1];
  const length = dx * dx + dy * dy;
  const dot = (point[0] - from[0]) * dx + (point[1] - from[1]) * dy;
  const along = length > 0 ? Math.min(1, Math.max(0, dot / length)) : 0;
  return Math.hypot(point[0] - from[0] - along * dx, point[1] - from[1] - along * dy);
}

export function vertexMoved(polygon: PolygonView, place: VertexPlace, to: Point): PolygonView {
  return withPoints(polygon, place, (points) => points.with(place.vertex, to));
}

/** The new vertex is the active one. */
export function vertexInserted(polygon: PolygonView, edge: VertexPlace, at: Point): PolygonView {
  return withPoints(polygon, { ring: edge.ring, vertex: edge.vertex + 1 }, (points) =>
    points.toSpliced(edge.vertex + 1, 0, at),
  );
}

/** A ring of fewer than three vertices goes with its last ones. */
export function vertexRemoved(polygon: PolygonView, place: VertexPlace): PolygonView {
  const left = withPoints(polygon, place, (points) => points.toSpliced(place.vertex, 1));
  return withRings(left.rings.filter(({ points }) => points.length >= 3), null);
}

function withPoints(
  polygon: PolygonView,
  active: VertexPlace,
  change: (points: readonly Point[]) => readonly Point[],
): PolygonView {
  const ring = polygon.rings[active.ring];
  return withRings(
    polygon.rings.with(active.ring, { ...ring, points: change(ring.points) }),
    active,
  );
}

function withRings(rings: readonly PolygonRing[], active: VertexPlace | null): PolygonView {
  return { rings, vertexCount: rings.reduce((sum, { points }) => sum + points.length, 0), active };
}
