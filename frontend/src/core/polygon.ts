/** The mask's outline as vertices to look at and to move. */

import type { Point } from "./types";

export interface PolygonView {
  /** Outer rings and holes, without the closing vertex. */
  readonly rings: readonly { readonly points: readonly Point[]; readonly hole: boolean }[];
  readonly vertexCount: number;
  /** The vertex under the hand or last touched. */
  readonly active: { readonly ring: number; readonly vertex: number } | null;
}
