import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { areaOf, filledBox, pixelAt, subtract, union } from "./bitmap";
import { corrected } from "./corrections";
import { polygonOf, vertexInserted, vertexMoved, vertexRemoved } from "./polygon";
import { maskOfRings, patchBetween } from "./reshape";
import { bitmapOf } from "./runs";
import { outlinesOf } from "./contours";
import { runsOf } from "./runs";
import { anyBitmap, SQUARE_20 } from "./testing/drawings";
import type { Point } from "./types";

const size = { width: 60, height: 60 };

describe("reshaping by a vertex", () => {
  test("pulling a corner of a square outwards adds a triangle on both sides", () => {
    const square = filledBox([10, 10, 30, 30]);
    const before = polygonOf(square, 1);
    const after = vertexMoved(before, { ring: 0, vertex: 1 }, [39.5, 9.5]);
    const patch = patchBetween(before, after, 1, size);
    const result = corrected(square, { kind: "patch", patch, label: "Move vertex" }, size);
    expect(pixelAt(result, 35, 11)).toBe(1);
    expect(pixelAt(result, 35, 28)).toBe(0);
    expect(areaOf(result)).toBe(500);
  });
  test("pulling it inwards takes a triangle away", () => {
    const square = filledBox([10, 10, 30, 30]);
    const before = polygonOf(square, 1);
    const patch = patchBetween(before, vertexRemoved(before, { ring: 0, vertex: 0 }), 1, size);
    const result = corrected(square, { kind: "patch", patch, label: "Remove vertex" }, size);
    expect(pixelAt(result, 11, 11)).toBe(0);
    expect(pixelAt(result, 28, 28)).toBe(1);
    expect(Math.abs(areaOf(result) - 200)).toBeLessThanOrEqual(10);
  });
  test("a vertex inserted on an edge and not moved changes nothing", () => {
    const square = filledBox([10, 10, 30, 30]);
    const before = polygonOf(square, 1);
    const after = vertexInserted(before, { ring: 0, vertex: 0 }, [20, 9.5]);
    const patch = patchBetween(before, after, 1, size);
    expect(corrected(square, { kind: "patch", patch, label: "" }, size).data).toEqual(square.data);
  });
  test("far from the changed edges the mask keeps detail that the polygon leaves out", () => {
    const bumpy = union(filledBox([10, 10, 30, 30]), filledBox([8, 19, 10, 21]));
    const before = polygonOf(bumpy, 3);
    expect(before.vertexCount).toBe(4);
    const corner = before.rings[0].points.findIndex(([x, y]) => x > 25 && y < 15);
    const after = vertexMoved(before, { ring: 0, vertex: corner }, [45, 5]);
    const patch = patchBetween(before, after, 3, size);
    const result = corrected(bumpy, { kind: "patch", patch, label: "" }, size);
    expect(pixelAt(result, 8, 19)).toBe(1);
    expect(pixelAt(result, 40, 9)).toBe(1);
  });
  test("a patch touches only pixels near the changed edges, and on and off never meet", () => {
    fc.assert(
      fc.property(anyBitmap, fc.nat(19), fc.nat(19), fc.nat(1000), (bitmap, x, y, pick) => {
        const before = polygonOf(bitmap, 1);
        if (!before.rings.length) return;
        const ring = pick % before.rings.length;
        const vertex = pick % before.rings[ring].points.length;
        const to: Point = [x, y];
        const patch = patchBetween(
          before,
          vertexMoved(before, { ring, vertex }, to),
          1,
          SQUARE_20,
        );
        const [on, off] = [bitmapOf(patch.on), bitmapOf(patch.off)];
        expect(areaOf(subtract(on, off))).toBe(areaOf(on));
      }),
    );
  });
  test("at tolerance 0 the polygon is the mask", () => {
    fc.assert(
      fc.property(anyBitmap, (bitmap) => {
        expect(maskOfRings(outlinesOf(bitmap), SQUARE_20)).toEqual(runsOf(bitmap));
      }),
    );
  });
});
