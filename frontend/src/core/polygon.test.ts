import { describe, expect, test } from "vitest";

import { filledBox } from "./bitmap";
import { edgeAt, polygonOf, vertexAt, vertexInserted, vertexMoved, vertexRemoved } from "./polygon";
import { drawn } from "./testing/drawings";

const square = polygonOf(filledBox([0, 0, 10, 10]), 1);

describe("the polygon view", () => {
  test("a square has four vertices", () => {
    expect(square.rings[0].points).toEqual([[-0.5, -0.5], [9.5, -0.5], [9.5, 9.5], [-0.5, 9.5]]);
    expect(square.vertexCount).toBe(4);
  });
  test("the nearest vertex within reach is taken hold of", () => {
    expect(vertexAt(square, [9, 9], 2)).toEqual({ ring: 0, vertex: 2 });
    expect(vertexAt(square, [5, 5], 2)).toBeNull();
  });
  test("an edge is found between its vertices, the closing one too", () => {
    expect(edgeAt(square, [4, 0], 1)).toEqual({ ring: 0, vertex: 0 });
    expect(edgeAt(square, [-0.5, 4], 1)).toEqual({ ring: 0, vertex: 3 });
    expect(edgeAt(square, [4, 4], 1)).toBeNull();
  });
  test("moving changes one vertex and makes it active", () => {
    const moved = vertexMoved(square, { ring: 0, vertex: 1 }, [12, 0]);
    expect(moved.rings[0].points[1]).toEqual([12, 0]);
    expect(moved.rings[0].points[2]).toBe(square.rings[0].points[2]);
    expect(moved.active).toEqual({ ring: 0, vertex: 1 });
  });
  test("a vertex inserted on an edge follows the edge's first", () => {
    const more = vertexInserted(square, { ring: 0, vertex: 3 }, [-0.5, 4]);
    expect(more.rings[0].points).toHaveLength(5);
    expect(more.rings[0].points[4]).toEqual([-0.5, 4]);
    expect(more.active).toEqual({ ring: 0, vertex: 4 });
  });
  test("a ring of two vertices is no ring", () => {
    const ringed = polygonOf(drawn(["####", "#..#", "####"]), 0);
    const triangle = vertexRemoved(ringed, { ring: 1, vertex: 0 });
    expect(triangle.rings).toHaveLength(2);
    expect(vertexRemoved(triangle, { ring: 1, vertex: 0 }).rings).toHaveLength(1);
  });
});
