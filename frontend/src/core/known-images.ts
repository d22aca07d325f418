/** The newest known form of images, the last used at the end. */

import type { ImageDetail } from "./types";

/** Images known beside those that are needed: answers to older requests may come yet. */
export const MOST_KNOWN = 50;

export class KnownImages {
  readonly #images = new Map<number, ImageDetail>();

  /** `needed`: whether an image is shown, or has something on its way. */
  constructor(private readonly needed: (imageId: number) => boolean) {}

  get(imageId: number): ImageDetail | null {
    return this.#images.get(imageId) ?? null;
  }

  /** An image as the server gave it; what is newer here is kept. Returns which is the newer. */
  learn(image: ImageDetail): ImageDetail {
    const known = this.#images.get(image.id);
    if (known && known.version > image.version) return known;
    this.remember(image);
    return image;
  }

  /** An image as it is now, whatever was known. */
  remember(image: ImageDetail): void {
    this.#images.delete(image.id);
    this.#images.set(image.id, image);
    for (const id of this.#images.keys()) {
      if (this.#images.size <= MOST_KNOWN) break;
      if (!this.needed(id)) this.#images.delete(id);
    }
  }
}
