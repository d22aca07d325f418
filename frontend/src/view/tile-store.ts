/** Fetches tiles when a view wants them and keeps those that were used last. */

import { nameOf, type TileAddress } from "./tiles";

export interface TilePicture {
  readonly width: number;
  readonly height: number;
  close?(): void;
}

/** Asking again soon would give the same answer. */
export class RefusedError extends Error {}

/** Gets one picture; rejects when aborted, with a `RefusedError` where there is none to be had. */
export type TileLoader<Picture> = (tile: TileAddress, signal: AbortSignal) => Promise<Picture>;

interface Entry<Picture> {
  readonly picture: Picture;
  used: number;
}

const AT_ONCE = 6;
const TRY_AGAIN_AFTER_MS = 2000;
const ASK_AGAIN_AFTER_MS = 60_000;

export class TileStore<Picture extends TilePicture> {
  private readonly pictures = new Map<string, Entry<Picture>>();
  private readonly loading = new Map<string, AbortController>();
  /** When those that failed are asked for again. */
  private readonly failed = new Map<string, number>();
  private wanted: readonly TileAddress[] = [];
  private keptPixels = 0;
  private turn = 0;
  private closed = false;

  /**
   * @param budgetPixels of all kept pictures together; 4 bytes each.
   * @param arrived called when a picture came that was not there before.
   */
  constructor(
    private readonly load: TileLoader<Picture>,
    private readonly budgetPixels: number,
    private readonly arrived: () => void,
    private readonly now: () => number = () => performance.now(),
    private readonly later: (call: () => void, ms: number) => void = (call, ms) => void setTimeout(call, ms),
  ) {}

  /** A picture that is there; looking at it keeps it. */
  get(tile: TileAddress): Picture | undefined {
    const entry = this.pictures.get(nameOf(tile));
    if (entry) entry.used = ++this.turn;
    return entry?.picture;
  }

  /** What is needed now, the most urgent first. Requests for anything else are called off. */
  want(tiles: readonly TileAddress[]): void {
    this.wanted = tiles;
    const names = new Set(tiles.map(nameOf));
    for (const [name, controller] of this.loading) {
      if (!names.has(name)) {
        controller.abort();
        this.loading.delete(name);
      }
    }
    this.fetchNext();
  }

  get busy(): boolean {
    return this.loading.size > 0;
  }

  close(): void {
    this.closed = true;
    this.want([]);
    for (const { picture } of this.pictures.values()) picture.close?.();
    this.pictures.clear();
    this.keptPixels = 0;
  }

  private fetchNext(): void {
    for (const tile of this.wanted) {
      if (this.loading.size >= AT_ONCE) return;
      const name = nameOf(tile);
      if (this.pictures.has(name) || this.loading.has(name)) continue;
      if (this.now() < (this.failed.get(name) ?? 0)) continue;
      void this.fetch(tile, name);
    }
  }

  private async fetch(tile: TileAddress, name: string): Promise<void> {
    const controller = new AbortController();
    this.loading.set(name, controller);
    let picture: Picture | null = null;
    try {
      picture = await this.load(tile, controller.signal);
    } catch (error) {
      // A tile that failed is asked for again later; until then a coarser one stands in.
      if (!controller.signal.aborted && !this.closed) {
        const wait = error instanceof RefusedError ? ASK_AGAIN_AFTER_MS : TRY_AGAIN_AFTER_MS;
        this.failed.set(name, this.now() + wait);
        this.later(() => this.fetchNext(), wait);
      }
    }
    if (this.loading.get(name) === controller) this.loading.delete(name);
    const isNew = picture !== null && this.keep(name, picture);
    if (!this.closed) this.fetchNext();
    // Last of all: whoever hears of it may ask whether more is on its way.
    if (isNew) this.arrived();
  }

  private keep(name: string, picture: Picture): boolean {
    if (this.closed || this.pictures.has(name)) {
      picture.close?.();
      return false;
    }
    this.failed.delete(name);
    this.pictures.set(name, { picture, used: ++this.turn });
    this.keptPixels += picture.width * picture.height;
    this.forget();
    return true;
  }

  /** Drops what was not looked at for longest until the rest is within the budget. */
  private forget(): void {
    if (this.keptPixels <= this.budgetPixels) return;
    const oldest = [...this.pictures].sort(([, a], [, b]) => a.used - b.used);
    for (const [name, { picture }] of oldest) {
      if (this.keptPixels <= this.budgetPixels * 0.8 || this.pictures.size <= 1) return;
      this.pictures.delete(name);
      this.keptPixels -= picture.width * picture.height;
      picture.close?.();
    }
  }
}
