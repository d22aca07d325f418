/** Whose project answers at this address: what was done in another one is not for it. */

import type { Api } from "./api";
import type { Pending } from "./desk";
import { ApiError, UnreachableError } from "./errors";
import { samePhoto } from "./photo-trouble";
import type { ImageDetail } from "./types";

type Photo = Pick<Pending, "imageId" | "photo">;

const OTHER_PROJECT = "Another project is served at this address now: this is kept for its own.";

export class WhoseProject {
  #doubted = false;

  constructor(private readonly api: Pick<Api, "image">) {}

  /** Whoever answers next may be the server of another project. */
  get doubted(): boolean {
    return this.#doubted;
  }

  doubt(): void {
    this.#doubted = true;
  }

  /**
   * The image as the server has it, where it is of the photo that something was done on.
   *
   * @throws UnreachableError where it is another project's: what was done waits for its own.
   */
  async imageFor(done: Photo): Promise<ImageDetail> {
    const image = await this.#imageOf(done);
    this.#doubted = image === null;
    if (image) return image;
    throw new UnreachableError(OTHER_PROJECT, 0, "other_project");
  }

  /** The numbers among these that are of other photos here; a server that does not say is doubted. */
  async imagesOfOthers(done: readonly Photo[]): Promise<ReadonlySet<number>> {
    const photos = new Map(done.map(({ imageId, photo }) => [imageId, photo]));
    const others = new Set<number>();
    for (const [imageId, photo] of photos) {
      try {
        if (!(await this.#imageOf({ imageId, photo }))) others.add(imageId);
      } catch {
        this.doubt(); // It is found out before anything is sent.
      }
    }
    return others;
  }

  /** Null where the number is of no image here, or of one that is another photo. */
  async #imageOf({ imageId, photo }: Photo): Promise<ImageDetail | null> {
    try {
      const image = await this.api.image(imageId);
      return !photo || samePhoto(photo, image) ? image : null;
    } catch (error) {
      if (photo && error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  }
}
