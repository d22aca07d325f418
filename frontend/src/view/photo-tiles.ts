/** One photo as tiles: asks for what is looked at and draws what is there. */

import type { Box, ImageDetail } from "../core/types";
import { TileStore } from "./tile-store";
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

export type TileUrl = (
  imageId: number, level: number, column: number, row: number, content: string,
) => string;

export class PhotoTiles {
  readonly pyramid: Pyramid;
  private readonly store: TileStore<ImageBitmap>;
  private viewTiles: TileAddress[] = [];
  private readonly extraTiles = new Map<string, TileAddress[]>();

  constructor(readonly image: ImageDetail, url: TileUrl, arrived: () => void) {
    this.pyramid = {
      width: image.width, height: image.height, levels: image.levels, tilePx: image.tile_px,
    };
    this.store = new TileStore<ImageBitmap>(
      async ({ level, column, row }, signal) => {
        const answer = await fetch(url(image.id, level, column, row, image.content), { signal });
        if (!answer.ok) throw new Error(`tile: ${answer.status}`);
        return createImageBitmap(await answer.blob());
      },
      BUDGET_PX,
      arrived,
    );
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

  draw(context: CanvasRenderingContext2D, area: Box, place: Placement): void {
    const { levels } = this.pyramid;
    const level = levelFor(place.deviceScale, levels);
    context.imageSmoothingEnabled = place.deviceScale < 2;
    context.imageSmoothingQuality = "medium";
    for (const tile of tilesOver(this.pyramid, area, level)) this.drawTile(context, tile, place);
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
    this.store.want([...this.viewTiles, ...[...this.extraTiles.values()].flat()]);
  }

  /** Draws a tile, or the part of the nearest coarser one that is there. */
  private drawTile(context: CanvasRenderingContext2D, tile: TileAddress, place: Placement): void {
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
      return;
    }
  }
}

/** The photos that were opened last, so that going back shows them at once. */
export class Album {
  private readonly photos = new Map<string, PhotoTiles>();

  constructor(private readonly url: TileUrl, private readonly arrived: () => void) {}

  open(image: ImageDetail): PhotoTiles {
    const key = `${image.id}/${image.content}`;
    const photo = this.photos.get(key) ?? new PhotoTiles(image, this.url, this.arrived);
    this.photos.delete(key);
    this.photos.set(key, photo);
    for (const [oldest, other] of this.photos) {
      if (this.photos.size <= KEPT_PHOTOS) break;
      other.close();
      this.photos.delete(oldest);
    }
    return photo;
  }
}
