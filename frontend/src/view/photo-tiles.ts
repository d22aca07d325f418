/** One photo as tiles: asks for what is looked at and draws what is there. */

import type { Box, ImageDetail } from "../core/types";
import { RefusedError, TileStore } from "./tile-store";
import { levelFor, nameOf, parentOf, tileArea, tilesOver, type Pyramid, type TileAddress } from "./tiles";

/** From image edge coordinates to device pixels of a canvas. */
export interface Placement {
  readonly deviceScale: number;
  readonly left: number;
  readonly top: number;
}

/** 32 megapixels: 128 MB. */
const BUDGET_PX = 32 * 2 ** 20;
/** Photos whose tiles stay after another was opened. */
const KEPT_PHOTOS = 3;

/** Where a photo's pictures come from. */
export interface PhotoUrls {
  tileUrl(imageId: number, level: number, column: number, row: number, content: string): string;
  thumbnailUrl(imageId: number, sidePx: number, content: string): string;
}

/** The size that the list of images shows: the browser has it already. */
const THUMBNAIL_PX = 160;

export class PhotoTiles {
  readonly pyramid: Pyramid;
  private readonly store: TileStore<ImageBitmap>;
  private viewTiles: TileAddress[] = [];
  private readonly extraTiles = new Map<string, TileAddress[]>();

  /** Stands in until the first tile is there: a large photo takes the server a moment to read. */
  private thumbnail: ImageBitmap | null = null;

  constructor(
    readonly image: ImageDetail, urls: PhotoUrls, arrived: () => void, refused: () => void,
  ) {
    this.pyramid = {
      width: image.width, height: image.height, levels: image.levels, tilePx: image.tile_px,
    };
    let told = false;
    const refusedOnce = (): void => {
      if (!told) refused();
      told = true; // the tile will be asked for again, why it was refused need not be
    };
    this.store = new TileStore<ImageBitmap>(
      ({ level, column, row }, signal) =>
        picture(urls.tileUrl(image.id, level, column, row, image.content), { signal }, refusedOnce),
      BUDGET_PX,
      arrived,
    );
    picture(urls.thumbnailUrl(image.id, THUMBNAIL_PX, image.content), { cache: "force-cache" }).then((found) => {
      this.thumbnail = found;
      arrived();
    }, () => undefined);
  }

  /** What the main view shows; the coarsest level comes first, so that something is there. */
  look(area: Box, deviceScale: number): void {
    const { levels } = this.pyramid;
    const level = levelFor(deviceScale, levels);
    const coarse = tilesOver(this.pyramid, this.whole, levels - 1);
    const fine = tilesOver(this.pyramid, area, level);
    const early = Math.min(level + 2, levels - 1);
    const middle = early < levels - 1 ? tilesOver(this.pyramid, area, early) : [];
    this.viewTiles = [...coarse, ...middle, ...fine];
    this.ask();
  }

  /** What something small beside the main view shows: the loupe, a thumbnail. */
  alsoLook(who: string, area: Box | null, deviceScale: number): void {
    if (!area) {
      if (this.extraTiles.delete(who)) this.ask();
      return;
    }
    const level = levelFor(deviceScale, this.pyramid.levels);
    const tiles = tilesOver(this.pyramid, area, level);
    const before = this.extraTiles.get(who);
    if (before && before.map(nameOf).join() === tiles.map(nameOf).join()) return;
    this.extraTiles.set(who, tiles);
    this.ask();
  }

  /** @returns whether there was a picture for all of it, if only a coarse one. */
  draw(context: CanvasRenderingContext2D, area: Box, place: Placement): boolean {
    const { levels } = this.pyramid;
    const level = levelFor(place.deviceScale, levels);
    context.imageSmoothingEnabled = place.deviceScale < 2;
    context.imageSmoothingQuality = "medium";
    let whole = true;
    const top = { level: levels - 1, column: 0, row: 0 };
    if (this.thumbnail && !this.store.get(top)) this.drawThumbnail(context, this.thumbnail, place);
    for (const tile of tilesOver(this.pyramid, area, level)) {
      whole = this.drawTile(context, tile, place) && whole;
    }
    return whole;
  }

  get whole(): Box {
    return [0, 0, this.image.width, this.image.height];
  }

  get busy(): boolean {
    return this.store.busy;
  }

  close(): void {
    this.store.close();
  }

  private ask(): void {
    if (this.image.missing) return;
    this.store.want([...this.viewTiles, ...[...this.extraTiles.values()].flat()]);
  }

  private drawThumbnail(
    context: CanvasRenderingContext2D, thumbnail: ImageBitmap, { deviceScale, left, top }: Placement,
  ): void {
    context.drawImage(thumbnail, Math.round(-left * deviceScale), Math.round(-top * deviceScale),
      Math.round(this.image.width * deviceScale), Math.round(this.image.height * deviceScale));
  }

  /** Draws a tile, or the part of the nearest coarser one that is there. */
  private drawTile(context: CanvasRenderingContext2D, tile: TileAddress, place: Placement): boolean {
    const area = tileArea(this.pyramid, tile);
    const x0 = Math.round((area[0] - place.left) * place.deviceScale);
    const y0 = Math.round((area[1] - place.top) * place.deviceScale);
    const x1 = Math.round((area[2] - place.left) * place.deviceScale);
    const y1 = Math.round((area[3] - place.top) * place.deviceScale);
    for (let at: TileAddress | null = tile; at; at = parentOf(at, this.pyramid.levels)) {
      const picture = this.store.get(at);
      if (!picture) continue;
      const whole = tileArea(this.pyramid, at);
      const perX = picture.width / (whole[2] - whole[0]);
      const perY = picture.height / (whole[3] - whole[1]);
      context.drawImage(
        picture,
        (area[0] - whole[0]) * perX, (area[1] - whole[1]) * perY,
        (area[2] - area[0]) * perX, (area[3] - area[1]) * perY,
        x0, y0, x1 - x0, y1 - y0,
      );
      return true;
    }
    return false;
  }
}

/** @param refused called when asking again would give the same answer, with the same login. */
async function picture(
  url: string, options: RequestInit, refused: () => void = () => undefined,
): Promise<ImageBitmap> {
  const answer = await fetch(url, options);
  if (answer.status >= 400 && answer.status < 500) refused();
  if (!answer.ok) throw new (hasNone(answer.status) ? RefusedError : Error)(`picture: ${answer.status}`);
  return createImageBitmap(await answer.blob());
}

/** No such file, another than it was, or a damaged one. */
function hasNone(status: number): boolean {
  return status === 404 || status === 409 || status === 422;
}

/** The photos that were opened last, so that going back shows them at once. */
export class Album {
  private readonly photos = new Map<string, PhotoTiles>();

  constructor(
    private readonly urls: PhotoUrls, private readonly arrived: () => void,
    private readonly refused: (imageId: number) => void,
  ) {}

  open(image: ImageDetail): PhotoTiles {
    const key = keyOf(image);
    const photo = this.photos.get(key)
      ?? new PhotoTiles(image, this.urls, this.arrived, () => this.refused(image.id));
    this.photos.delete(key);
    this.photos.set(key, photo);
    for (const [oldest, other] of this.photos) {
      if (this.photos.size <= KEPT_PHOTOS) break;
      other.close();
      this.photos.delete(oldest);
    }
    return photo;
  }

  /** It cannot be read: nothing more is asked for. */
  forget(image: ImageDetail): void {
    this.photos.get(keyOf(image))?.close();
    this.photos.delete(keyOf(image));
  }
}

function keyOf({ id, content, missing }: ImageDetail): string {
  return `${id}/${content}/${missing}`;
}
