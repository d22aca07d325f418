/** Between what the server sends and takes, with packed masks, and what the page works with. */

import { packed, type MaskMemory, type PackedMask } from "./packed-masks";
import type { ActionRequest, ImageDetail, ImageObject, ObjectFields, Segmentation } from "./types";

type Packed<T extends { readonly mask: unknown }> = Omit<T, "mask"> & { readonly mask: PackedMask };

export interface SentImage extends Omit<ImageDetail, "objects"> {
  readonly objects: readonly Packed<ImageObject>[];
}

export type SentSegmentation = Packed<Segmentation>;

export interface SentAction extends Omit<ActionRequest, "changes"> {
  readonly changes: readonly {
    readonly id: number | null;
    readonly object: Packed<ObjectFields> | null;
  }[];
}

export function imageOf(sent: SentImage, masks: MaskMemory): ImageDetail {
  const objects = sent.objects.map((object) => ({ ...object, mask: masks.unpacked(object.mask) }));
  return { ...sent, objects };
}

export function segmentationOf(sent: SentSegmentation, masks: MaskMemory): Segmentation {
  return { ...sent, mask: masks.unpacked(sent.mask) };
}

export function actionToSend(action: ActionRequest): SentAction {
  const changes = action.changes.map(({ id, object }) => ({
    id,
    object: object && { ...object, mask: packed(object.mask) },
  }));
  return { ...action, changes };
}
