/** The server, typed. */

import { systemClock, type Clock } from "./clock";
import { SupersededError } from "./errors";
import { MaskMemory } from "./packed-masks";
import { transport, type Send } from "./transport";
import type {
  ActionRequest,
  ImageDetail,
  ImagePage,
  ImagePatch,
  ImageQuery,
  ImportReport,
  ObjectClass,
  Project,
  SegmentRequest,
  Segmentation,
  Settings,
  Statistics,
  StepRequest,
} from "./types";
import {
  actionToSend,
  imageOf,
  segmentationOf,
  type SentImage,
  type SentSegmentation,
} from "./wire";

export interface ClassChange {
  readonly name?: string;
  readonly color?: string;
  readonly order?: number;
}

/** Every promise rejects with an ApiError (errors.ts) and nothing else. */
export interface Api {
  login(token: string): Promise<void>;
  logout(): Promise<void>;
  setAuthor(name: string): Promise<void>;
  project(): Promise<Project>;
  changeSettings(settings: Settings): Promise<void>;
  refreshPhotos(): Promise<void>;
  images(query: ImageQuery, signal?: AbortSignal): Promise<ImagePage>;
  image(imageId: number, signal?: AbortSignal): Promise<ImageDetail>;
  patchImage(imageId: number, patch: ImagePatch): Promise<ImageDetail>;
  /** An answer that a later one of the same stream has overtaken rejects as superseded. */
  segment(request: SegmentRequest, signal?: AbortSignal): Promise<Segmentation>;
  apply(imageId: number, action: ActionRequest, signal?: AbortSignal): Promise<ImageDetail>;
  undo(imageId: number, step: StepRequest, signal?: AbortSignal): Promise<ImageDetail>;
  redo(imageId: number, step: StepRequest, signal?: AbortSignal): Promise<ImageDetail>;
  addClass(name: string, color: string): Promise<ObjectClass>;
  changeClass(classId: number, change: ClassChange): Promise<ObjectClass>;
  removeClass(classId: number): Promise<void>;
  statistics(): Promise<Statistics>;
  /** Plain sentences; none when nothing is lost. */
  exportLosses(format: string, tolerancePx: number): Promise<readonly string[]>;
  importFile(format: string, file: Blob, fileName: string): Promise<ImportReport>;
  /** Addresses for pictures and downloads. */
  thumbnailUrl(imageId: number, sidePx: number, content: string): string;
  tileUrl(imageId: number, level: number, column: number, row: number, content: string): string;
  exportUrl(format: string, tolerancePx: number): string;
  statisticsCsvUrl(): string;
}

export interface ApiPorts {
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  readonly origin?: string;
  readonly patienceMs?: number;
}

/** For what reads a whole folder, project or large file, perhaps after that of somebody else. */
const LONG_PATIENCE_MS = 30 * 60_000;

export function createApi(ports: ApiPorts = {}): Api {
  const origin = ports.origin ?? "";
  const send = transport({
    fetch: ports.fetch ?? ((input, init) => fetch(input, init)),
    clock: ports.clock ?? systemClock,
    origin,
    patienceMs: ports.patienceMs ?? 30_000,
  });
  // Answers are trusted to have the types of types.ts and wire.ts: the server comes with this page.
  const get = <T>(path: string, signal?: AbortSignal): Promise<T> =>
    send("GET", path, { signal }) as Promise<T>;
  const post = <T>(path: string, json: unknown, signal?: AbortSignal): Promise<T> =>
    send("POST", path, { json, signal }) as Promise<T>;
  const image = (imageId: number): string => `/api/images/${imageId}`;
  const masks = new MaskMemory();
  const shown = async (answer: Promise<unknown>): Promise<ImageDetail> =>
    imageOf((await answer) as SentImage, masks);
  return {
    login: (token) => post("/api/login", { token }),
    logout: () => post("/api/logout", {}),
    setAuthor: async (name) => void (await send("PUT", "/api/author", { json: { name } })),
    project: () => get("/api/project"),
    changeSettings: async (json) => void (await send("PUT", "/api/settings", { json })),
    refreshPhotos: async () =>
      void (await send("POST", "/api/photos/refresh", { json: {}, patienceMs: LONG_PATIENCE_MS })),
    images: (query, signal) => get(`/api/images${queryText(query)}`, signal),
    image: (imageId, signal) => shown(get(image(imageId), signal)),
    patchImage: (imageId, json) => shown(send("PATCH", image(imageId), { json })),
    segment: inOrder(send, masks),
    apply: (imageId, action, signal) =>
      shown(post(`${image(imageId)}/actions`, actionToSend(action), signal)),
    undo: (imageId, step, signal) => shown(post(`${image(imageId)}/undo`, step, signal)),
    redo: (imageId, step, signal) => shown(post(`${image(imageId)}/redo`, step, signal)),
    addClass: (name, color) => post("/api/classes", { name, color }),
    changeClass: (id, json) =>
      send("PATCH", `/api/classes/${id}`, { json }) as Promise<ObjectClass>,
    removeClass: async (id) => void (await send("DELETE", `/api/classes/${id}`)),
    statistics: () => get("/api/statistics"),
    exportLosses: async (format, tolerancePx) => {
      const path = `/api/export/${encodeURIComponent(format)}/losses?tolerance=${tolerancePx}`;
      const answer = await send("GET", path, { patienceMs: LONG_PATIENCE_MS });
      return (answer as { losses: readonly string[] }).losses;
    },
    importFile: (format, body, fileName) => {
      const query = queryText({ file_name: fileName });
      const path = `/api/import/${encodeURIComponent(format)}${query}`;
      return send("POST", path, { body, patienceMs: LONG_PATIENCE_MS }) as Promise<ImportReport>;
    },
    thumbnailUrl: (imageId, sidePx, content) =>
      `${origin}${image(imageId)}/thumbnail?side=${sidePx}&v=${encodeURIComponent(content)}`,
    tileUrl: (imageId, level, column, row, content) =>
      `${origin}${image(imageId)}/tiles/${level}/${column}/${row}?v=${encodeURIComponent(content)}`,
    exportUrl: (format, tolerancePx) =>
      `${origin}/api/export/${encodeURIComponent(format)}?tolerance=${tolerancePx}`,
    statisticsCsvUrl: () => `${origin}/api/statistics.csv`,
  };
}

/** Drops answers that arrive after a later one of their stream. */
function inOrder(send: Send, masks: MaskMemory): Api["segment"] {
  const answered = new Map<string, number>();
  return async (request, signal) => {
    const sent = await send("POST", "/api/segment", { json: request, signal });
    const answer = segmentationOf(sent as SentSegmentation, masks);
    const { stream, sequence } = request;
    if (stream === undefined || sequence === undefined) return answer;
    if (sequence < (answered.get(stream) ?? -Infinity)) throw new SupersededError();
    answered.set(stream, sequence);
    return answer;
  };
}

/** "?a=1&b=2" of what is given, "" of nothing. */
function queryText(query: ImageQuery | { readonly file_name: string }): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]): [string, string] => [name, String(value)]);
  return pairs.length ? `?${new URLSearchParams(pairs).toString()}` : "";
}
