/** The page's address names the open image, so that a reload or a bookmark comes back to it. */

import type { Session } from "../core/session";

/** The image that an address names. */
export function imageIn(address: string): number | undefined {
  const id = Number(new URL(address).searchParams.get("image"));
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

/** The same address, naming this image. */
export function addressFor(imageId: number, address: string): string {
  const url = new URL(address);
  url.searchParams.set("image", String(imageId));
  return url.href;
}

/** Replaced, never added: leafing through a thousand images is no thousand steps back. */
export function followImage(session: Session): void {
  session.subscribe(({ image }, before) => {
    if (!image || image.id === before.image?.id) return;
    history.replaceState(history.state, "", addressFor(image.id, location.href));
  });
}
