/** The list of images under a filter: as much of it as is wanted, and certainly the open image. */

import type { Api } from "./api";
import type { ImageFilter } from "./state";
import type { Store } from "./store";
import type { ImageDetail, ImageQuery, ImageSummary } from "./types";

export interface ListingPorts {
  readonly api: Api;
  readonly store: Store;
  readonly failed: (error: unknown) => void;
}

const PAGE = 200;
/** On the way to an image far down: few requests rather than small ones. */
const LARGE_PAGE = 1000;

export class Listing {
  #current = 0;
  #underway: Promise<void> = Promise.resolve();

  constructor(private readonly ports: ListingPorts) {}

  /** From its start. */
  load(filter: Partial<ImageFilter> = {}): Promise<void> {
    const { store } = this.ports;
    const { list } = store.desk;
    store.set({ list: { ...list, filter: { ...list.filter, ...filter }, loading: true } });
    const another = Object.keys(filter).length > 0;
    return this.#read(0, another ? 0 : list.items.length);
  }

  more(): Promise<void> {
    const { store } = this.ports;
    const { list } = store.desk;
    if (list.loading) return this.#underway;
    if (list.items.length >= list.total) return Promise.resolve();
    store.set({ list: { ...list, loading: true } });
    return this.#read(list.items.length, list.items.length);
  }

  /** As far as the open image, so that it has its place and its neighbours. */
  async reach(): Promise<void> {
    const { store } = this.ports;
    if (store.desk.list.loading) await this.#underway;
    const { items, total } = store.desk.list;
    if (this.#lacksOpen(items, total)) await this.more();
  }

  /** Of an image in the list; -1 where it is not, or not yet. */
  place(imageId: number | undefined): number {
    return this.ports.store.desk.list.items.findIndex(({ id }) => id === imageId);
  }

  #read(offset: number, shown: number): Promise<void> {
    this.#underway = this.#pages(offset, shown);
    return this.#underway;
  }

  /** One page, and more until the open image is there. What is shown grows, never shrinks. */
  async #pages(offset: number, shown: number): Promise<void> {
    const { api, store, failed } = this.ports;
    const listing = ++this.#current;
    let items: readonly ImageSummary[] = store.desk.list.items.slice(0, offset);
    let loading = true;
    try {
      for (let limit = PAGE; loading; limit = LARGE_PAGE) {
        const query = { ...queryOf(store.desk.list.filter), offset: items.length, limit };
        const { total, images } = await api.images(query);
        if (listing !== this.#current) return;
        items = [...items, ...images];
        loading = images.length > 0 && this.#lacksOpen(items, total);
        if (loading && items.length <= shown) continue;
        store.set({ list: { ...store.desk.list, total, items, loading } });
      }
    } catch (error) {
      if (listing !== this.#current) return;
      store.set({ list: { ...store.desk.list, loading: false } });
      failed(error);
    }
  }

  #lacksOpen(items: readonly ImageSummary[], total: number): boolean {
    const { image, list } = this.ports.store.desk;
    if (!image || items.length >= total || !matches(list.filter, image)) return false;
    return !items.some(({ id }) => id === image.id);
  }
}

/** Whether the server lists the image under this filter. */
export function matches(filter: ImageFilter, image: ImageDetail): boolean {
  const { status, classId, reviewed } = filter;
  return (
    (status === null || image.status === status) &&
    (reviewed === null || (image.reviewed_by !== null) === reviewed) &&
    (classId === null || image.objects.some(({ class_id }) => class_id === classId))
  );
}

function queryOf({ status, classId, reviewed, order }: ImageFilter): ImageQuery {
  return {
    ...(status === null ? {} : { status }),
    ...(classId === null ? {} : { class_id: classId }),
    ...(reviewed === null ? {} : { reviewed }),
    order,
  };
}
