/** What a person did to the objects of an image, before it is on its way to the server. */

import type { DraftContent } from "./draft";
import type { ImageObject, ObjectFields } from "./types";

export interface Deed {
  readonly imageId: number;
  readonly label: string;
  /** id null creates, object null deletes; base is the object as the person saw it. */
  readonly changes: readonly {
    readonly id: number | null;
    readonly object: ObjectFields | null;
    readonly base: ImageObject | null;
  }[];
  readonly seconds: number;
  readonly inputs: number;
  readonly draft?: DraftContent;
  /** Its changes mean something only together. */
  readonly whole?: boolean;
}
