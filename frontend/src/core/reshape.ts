/** What moving, adding or removing a vertex of the shown polygon does to the mask. */

import { around, boxArea, cropped, subtract, union } from "./bitmap";
import { painted, strokeBox } from "./brush";
import { filled, ringsBox } from "./polygon-fill";
import { ringsOf, type PolygonView } from "./polygon";
import type { Ring } from "./contours";
import { EMPTY_MASK, type Box, type MaskRuns, type Point, type Size } from "./types";
import { runsOf } from "./runs";

/** Pixels that become object and pixels that no longer are; the two do not overlap. */
export interface Patch {
  readonly on: MaskRuns;
  readonly off: MaskRuns;
}

/**
 * Only the neighbourhood of the changed edges follows the polygon; elsewhere the mask keeps the
 * detail that the polygon leaves out.
 *
 * @param before as it was shown for the mask, within the tolerance of it.
 * @param after with one vertex moved, added or removed.
 */
export function patchBetween(
  before: PolygonView,
  after: PolygonView,
  tolerancePx: number,
  size: Size,
): Patch {
  const [from, to] = [ringsOf(before), ringsOf(after)];
  const left = edgesOnlyIn(before, after);
  const gained = edgesOnlyIn(after, before);
  const window = windowOf(left, gained, tolerancePx, size);
  if (!boxArea(window)) return { on: EMPTY_MASK, off: EMPTY_MASK };
  const was = filled(from, window);
  const is = filled(to, window);
  // The mask strays from the old edges by up to the tolerance: there too the polygon decides.
  let region = union(subtract(was, is), subtract(is, was));
  for (const edge of left) region = painted(region, edge, tolerancePx + 1, size);
  region = cropped(region, window);
  const off = subtract(region, is);
  return { on: runsOf(subtract(region, off)), off: runsOf(off) };
}

function windowOf(
  left: readonly Edge[],
  gained: readonly Edge[],
  tolerancePx: number,
  size: Size,
): Box {
  return [...left, ...gained].reduce<Box>(
    (box, edge) => around(box, strokeBox(edge, tolerancePx + 1, size)),
    EMPTY_MASK.box,
  );
}

type Edge = readonly [Point, Point];

/** Edges of one polygon that the other lacks. */
function edgesOnlyIn(polygon: PolygonView, other: PolygonView): readonly Edge[] {
  const known = new Set(edgesOf(other).map(String));
  return edgesOf(polygon).filter((edge) => !known.has(String(edge)));
}

function edgesOf(polygon: PolygonView): readonly Edge[] {
  return polygon.rings.flatMap(({ points }) =>
    points.map((from, i): Edge => [from, points[(i + 1) % points.length]]),
  );
}

/** A whole new mask from rings: what is inside an odd number of them. */
export function maskOfRings(rings: readonly Ring[], size: Size): MaskRuns {
  return runsOf(filled(rings, ringsBox(rings, size)));
}
