/** Which of an object's four sides the points so far show for certain. */

import type { Point } from "../core/types";

export type Side = "left" | "top" | "right" | "bottom";

export const SIDES: readonly Side[] = ["left", "top", "right", "bottom"];

/**
 * Up to four points, in any order, are matched with sides in every way that contradicts none of
 * them (no other point lies further left than the left one, and so on). A side counts as shown
 * when every such way uses it.
 */
export function shownSides(points: readonly Point[]): ReadonlySet<Side> {
  if (points.length >= 4) return new Set(SIDES);
  const ways: Side[][] = [];
  collect(points, [], ways);
  if (points.length === 0 || ways.length === 0) return new Set();
  return new Set(SIDES.filter((side) => ways.every((way) => way.includes(side))));
}

/** What is still to be clicked, as a short sentence; empty when nothing is. */
export function whatIsMissing(points: readonly Point[]): string {
  if (points.length >= 4) return "";
  if (points.length === 0) return "Click the left-most, top, right-most and bottom point, in any order";
  const open = SIDES.filter((side) => !shownSides(points).has(side));
  const left = 4 - points.length;
  if (left === 1) return `One more: ${listed(open.map(nameOf))}`;
  return `${left} more extreme points, in any order`;
}

function collect(points: readonly Point[], way: Side[], ways: Side[][]): void {
  const point = points[way.length];
  if (!point) {
    ways.push([...way]);
    return;
  }
  for (const side of SIDES) {
    if (way.includes(side) || !isFurthest(point, side, points)) continue;
    collect(points, [...way, side], ways);
  }
}

function isFurthest([x, y]: Point, side: Side, points: readonly Point[]): boolean {
  return points.every((other) => {
    if (side === "left") return x <= other[0];
    if (side === "right") return x >= other[0];
    return side === "top" ? y <= other[1] : y >= other[1];
  });
}

function nameOf(side: Side): string {
  return side === "left" || side === "right" ? `${side}-most` : side;
}

function listed(names: readonly string[]): string {
  if (names.length <= 1) return `the ${names[0] ?? "last"} point`;
  return `the ${names.slice(0, -1).join(", ")} or ${names[names.length - 1]!} point`;
}
