/** A server in memory: versions, history, request ids, and failures on demand. */

import type { Api } from "../api";
import { ApiError, ConflictError, SupersededError } from "../errors";
import type { ActionRequest, ImageDetail, ImageObject, ImageSummary } from "../types";
import type { ObjectClass, Project, SegmentRequest } from "../types";
import type { Segmentation, Settings, StepRequest } from "../types";
import type { PhotoState } from "../photo-trouble";
import { summaryOf } from "../summaries";
import { boxMask } from "./fake-model";

type Way = "past" | "future";
type Objects = readonly ImageObject[];

type Step = Pick<ImageDetail, "objects" | "status" | "reviewed_by"> & { readonly label: string };

interface Stored {
  image: ImageDetail;
  past: Step[];
  future: Step[];
}

function stepOf(label: string, { objects, status, reviewed_by }: ImageDetail): Step {
  return { label, objects, status, reviewed_by };
}

export class FakeServer {
  classes: ObjectClass[] = [
    { id: 1, name: "cat", color: "#ff0000", order: 0 },
    { id: 2, name: "dog", color: "#00ff00", order: 1 },
  ];
  /** The next calls of these names fail so. */
  readonly failures: { name: string; error: Error; afterwards?: boolean }[] = [];
  readonly calls: { name: string; body: unknown }[] = [];
  /** While true, masks are held back until `answerNext`. */
  holding = false;
  readonly held: { request: SegmentRequest; answer: () => void }[] = [];
  settings: Settings = {};
  readonly #images = new Map<number, Stored>();
  readonly #done = new Set<string>();
  #nextId = 100;

  constructor(count = 3) {
    for (let id = 1; id <= count; id++) this.addImage(id);
  }

  addImage(id: number): void {
    this.#images.set(id, {
      image: {
        id, path: `photo-${id}.jpg`, width: 200, height: 100, status: "new", reviewed_by: null,
        lowest_confidence: null, version: 1, missing: false, changed: false, problem: null,
        content: `hash-${id}`, objects: [], can_undo: false, can_redo: false, undo_label: null,
        redo_label: null, levels: 1, tile_px: 512,
      },
      past: [],
      future: [],
    });
  }

  image(id: number): ImageDetail {
    return this.#stored(id).image;
  }

  /** As another person does it, between the page's own requests. */
  byOther(imageId: number, change: (objects: Objects) => Objects): void {
    this.#write(this.#stored(imageId), "Other", change(this.image(imageId).objects));
  }

  /** The file is another, of the same size. */
  replacePhoto(imageId: number): void {
    const stored = this.#stored(imageId);
    stored.image = { ...stored.image, content: `${stored.image.content}-new` };
  }

  /** What became of the photo's file; no change of the image. */
  photoIs(imageId: number, state: Partial<PhotoState & { path: string }>): void {
    const stored = this.#stored(imageId);
    stored.image = { ...stored.image, ...state };
  }

  failNext(name: string, error: Error): void {
    this.failures.push({ name, error });
  }

  /** The server does it, but its answer is lost. */
  loseAnswer(name: string, error: Error): void {
    this.failures.push({ name, error, afterwards: true });
  }

  callsOf(name: string): unknown[] {
    return this.calls.filter((call) => call.name === name).map(({ body }) => body);
  }

  answerNext(): void {
    this.held.shift()?.answer();
  }

  api(): Api {
    const call = <T>(name: string, body: unknown, work: () => T): Promise<T> =>
      this.#call(name, body, work);
    return {
      login: (token) => call("login", token, () => undefined),
      logout: () => call("logout", null, () => undefined),
      setAuthor: (name) => call("setAuthor", name, () => undefined),
      project: () => call("project", null, () => this.#project()),
      changeSettings: (settings) =>
        call("changeSettings", settings, () => {
          this.settings = { ...this.settings, ...settings };
        }),
      refreshPhotos: () => call("refreshPhotos", null, () => undefined),
      images: (query) =>
        call("images", query, () => {
          const all = [...this.#images.values()].map(({ image }) => summaryOf(image));
          const matching = all.filter(({ status }) => !query.status || status === query.status);
          const { offset = 0, limit = 200 } = query;
          return { total: matching.length, images: matching.slice(offset, offset + limit) };
        }),
      image: (id) => call("image", id, () => this.image(id)),
      patchImage: (id, { version, status, reviewed }) =>
        call("patchImage", { status, reviewed }, () => {
          const stored = this.#stored(id);
          this.#check(stored, version);
          const before = stored.image;
          stored.image = {
            ...before,
            ...(status ? { status } : {}),
            ...(reviewed === undefined ? {} : { reviewed_by: reviewed ? "me" : null }),
          };
          const label = status ? `Mark as ${status}` : "Mark as reviewed";
          return this.#write(stored, label, before.objects, before);
        }),
      segment: (request, signal) => this.#segment(request, signal),
      apply: (id, action) => call("apply", action, () => this.#apply(id, action)),
      undo: (id, step) => call("undo", step, () => this.#walk(id, step, "past", "future")),
      redo: (id, step) => call("redo", step, () => this.#walk(id, step, "future", "past")),
      addClass: (name, color) =>
        call("addClass", name, () => {
          const added = { id: this.#nextId++, name, color, order: this.classes.length };
          this.classes.push(added);
          return added;
        }),
      changeClass: (id, change) =>
        call("changeClass", change, () => {
          this.classes = this.classes.map((one) => (one.id === id ? { ...one, ...change } : one));
          return this.classes.find((one) => one.id === id) ?? this.classes[0];
        }),
      removeClass: (id) =>
        call("removeClass", id, () => {
          this.classes = this.classes.filter((one) => one.id !== id);
        }),
      statistics: () => Promise.reject(new ApiError("not here", 404, "not_found")),
      exportLosses: () => Promise.resolve([]),
      importFile: () => Promise.resolve({ images: 0, objects: 0, notes: [] }),
      thumbnailUrl: () => "",
      tileUrl: () => "",
      exportUrl: () => "",
      statisticsCsvUrl: () => "",
    };
  }

  async #call<T>(name: string, body: unknown, work: () => T): Promise<T> {
    this.calls.push({ name, body });
    const at = this.failures.findIndex((failure) => failure.name === name);
    const failure = at < 0 ? undefined : this.failures.splice(at, 1)[0];
    await Promise.resolve();
    if (failure && !failure.afterwards) throw failure.error;
    // As over a network: nothing handed out is what the server goes on with.
    const answer = structuredClone(work());
    if (failure) throw failure.error;
    return answer;
  }

  #segment(request: SegmentRequest, signal?: AbortSignal): Promise<Segmentation> {
    const answer = (): Promise<Segmentation> =>
      this.#call("segment", request, () => boxMask(request.points, this.image(request.image_id)));
    if (!this.holding) return answer();
    return new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(new SupersededError()));
      this.held.push({ request, answer: () => answer().then(resolve, reject) });
    });
  }

  #apply(id: number, request: ActionRequest): ImageDetail {
    const { version, action, changes, seconds, inputs, request_id } = request;
    const stored = this.#stored(id);
    if (this.#done.has(request_id)) return stored.image;
    this.#check(stored, version);
    let { objects } = stored.image;
    for (const { id: objectId, object } of changes) {
      if (objectId === null) {
        if (!object) continue;
        const fresh = { ...object, id: this.#nextId++, author: "me", seconds, inputs };
        objects = [...objects, fresh];
      } else if (!object) objects = objects.filter((one) => one.id !== objectId);
      else {
        if (!objects.some((one) => one.id === objectId)) {
          throw new ApiError(`no object ${objectId}`, 404, "not_found");
        }
        objects = objects.map((one) => (one.id === objectId ? { ...one, ...object } : one));
      }
    }
    this.#done.add(request_id);
    return this.#write(stored, action, objects);
  }

  #write(stored: Stored, label: string, objects: Objects, before = stored.image): ImageDetail {
    stored.past.push(stepOf(label, before));
    stored.future = [];
    return this.#renew(stored, objects);
  }

  #walk(id: number, step: StepRequest, from: Way, to: Way): ImageDetail {
    const stored = this.#stored(id);
    if (this.#done.has(step.request_id)) return stored.image;
    this.#check(stored, step.version);
    const taken = stored[from].pop();
    if (!taken) throw new ApiError("there is nothing", 422, "data");
    stored[to].push(stepOf(taken.label, stored.image));
    this.#done.add(step.request_id);
    const { status, reviewed_by } = taken;
    stored.image = { ...stored.image, status, reviewed_by };
    return this.#renew(stored, taken.objects);
  }

  #renew(stored: Stored, objects: Objects): ImageDetail {
    const [undo, redo] = [stored.past.at(-1), stored.future.at(-1)];
    stored.image = {
      ...stored.image,
      objects,
      version: stored.image.version + 1,
      can_undo: undo !== undefined,
      can_redo: redo !== undefined,
      undo_label: undo?.label ?? null,
      redo_label: redo?.label ?? null,
    };
    return stored.image;
  }

  #stored(id: number): Stored {
    const stored = this.#images.get(id);
    if (!stored) throw new ApiError(`there is no image ${id}`, 404, "not_found");
    return stored;
  }

  #check(stored: Stored, version: number): void {
    const { version: current } = stored.image;
    if (version !== current) throw new ConflictError("changed meanwhile", current);
  }

  #project(): Project {
    const images: ImageSummary[] = [...this.#images.values()].map(({ image }) => summaryOf(image));
    const count = (status: string): number => images.filter((one) => one.status === status).length;
    return {
      name: "farm", photos_folder_name: "photos", classes: this.classes, author: "me",
      settings: this.settings, model: { name: "m", sha256: "", size_px: 1 }, version: "0",
      counts: {
        images: images.length, done: count("done"), in_progress: count("in_progress"),
        new: count("new"), missing: 0, changed: 0, unreadable: 0, objects: 0,
      },
      limits: {}, login: false, notes: [],
    };
  }
}
