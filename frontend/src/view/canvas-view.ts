/** The canvas: the photo below, objects and the work at hand above it, the loupe beside. */

import type { Session } from "../core/session";
import type { ViewCommand } from "../core/shortcuts";
import type { SessionState } from "../core/state";
import type { Box, Point, Size } from "../core/types";
import { Loupe, loupeWanted, type LoupeMode } from "./loupe";
import { ObjectCells, type PaintedObject } from "./object-cells";
import { ObjectShapes } from "./object-shapes";
import { Album, type PhotoTiles, type TileUrl } from "./photo-tiles";
import { GRAB_PX, PointerControl } from "./pointer";
import { changedTones, filterOf, PLAIN_TONES, type Tones } from "./tones";
import { around, fitted, panned, resized, scaledTo, shownArea, toImage, zoomed, type Viewport } from "./viewport";
import { objectsApart, pointsShown, WorkPainter } from "./work-painter";

/** What of the view the panels show. */
export interface ViewState {
  readonly scale: number;
  /** In image pixels; null when the pointer is elsewhere. */
  readonly pointer: Point | null;
  readonly tones: Tones;
  readonly opacity: number;
  readonly masksShown: boolean;
  readonly loupe: LoupeMode;
}

/** Painting of objects per frame; the rest of 16 ms is the browser's. */
const PAINTING_MS = 7;
const SETTLED_AFTER_MS = 90;
const PAN_PX = 80;
const ZOOM_STEP = 1.4;

export class CanvasView {
  readonly element = document.createElement("div");
  state: ViewState = {
    scale: 1, pointer: null, tones: PLAIN_TONES, opacity: 0.35, masksShown: true, loupe: "auto",
  };
  photo: PhotoTiles | null = null;

  private readonly photoCanvas = document.createElement("canvas");
  private readonly workCanvas = document.createElement("canvas");
  private readonly loupe = new Loupe();
  private readonly shapes = new ObjectShapes();
  private readonly cells = new ObjectCells(this.shapes);
  private readonly painter = new WorkPainter(this.shapes);
  private readonly album: Album;
  private readonly pointerControl: PointerControl;
  private viewport: Viewport = { scale: 1, left: 0, top: 0, width: 1, height: 1 };
  private place: Point | null = null;
  private zoomedAt = -Infinity;
  private frame = 0;
  private shownImage: string | null = null;
  private painted: SessionState | null = null;
  private photoDirty = true;

  constructor(
    private readonly session: Session, tileUrl: TileUrl, private readonly changed: (state: ViewState) => void,
    private readonly tilesArrived: () => void,
  ) {
    this.element.className = "canvas";
    this.element.tabIndex = 0;
    this.element.setAttribute("role", "application");
    this.element.setAttribute("aria-label", "Photo");
    this.photoCanvas.className = "photo";
    this.element.append(this.photoCanvas, this.workCanvas, this.loupe.canvas);
    this.album = new Album(tileUrl, () => {
      this.photoDirty = true;
      this.redraw();
      this.tilesArrived();
    });
    this.pointerControl = new PointerControl(this.element, {
      session,
      scale: () => this.viewport.scale,
      imagePoint: (place) => toImage(this.viewport, place),
      pan: (dx, dy) => this.move(panned(this.viewport, dx, dy, this.size)),
      zoom: (factor, place) => this.move(zoomed(this.viewport, factor, place, this.size)),
      moved: (place) => this.pointerMoved(place),
      panning: (active) => this.element.classList.toggle("panning", active),
    });
    new ResizeObserver(() => this.resize()).observe(this.element);
    session.subscribe((state) => this.sessionChanged(state));
  }

  holdSpace(held: boolean): void {
    this.pointerControl.holdSpace(held);
  }

  set(change: Partial<Pick<ViewState, "tones" | "opacity" | "masksShown" | "loupe">>): void {
    this.state = { ...this.state, ...change };
    this.photoCanvas.style.filter = filterOf(this.state.tones);
    this.painted = null;
    this.redraw();
    this.changed(this.state);
  }

  run(command: ViewCommand): void {
    const { width, height } = this.viewport;
    const middle: Point = this.place ?? [width / 2, height / 2];
    const { tones } = this.state;
    const tone = (what: "brightness" | "contrast", steps: number) =>
      this.set({ tones: changedTones(tones, what, steps) });
    const pan = (dx: number, dy: number) =>
      this.move(panned(this.viewport, dx * PAN_PX, dy * PAN_PX, this.size));
    switch (command) {
      case "zoom-in": return this.move(zoomed(this.viewport, ZOOM_STEP, middle, this.size));
      case "zoom-out": return this.move(zoomed(this.viewport, 1 / ZOOM_STEP, middle, this.size));
      case "zoom-fit": return this.move(fitted(this.size, width, height));
      case "zoom-actual":
        return this.move(scaledTo(this.viewport, 1 / devicePixelRatio, middle, this.size));
      case "zoom-selection": return this.zoomToSelection();
      case "pan-left": return pan(1, 0);
      case "pan-right": return pan(-1, 0);
      case "pan-up": return pan(0, 1);
      case "pan-down": return pan(0, -1);
      case "brighter": return tone("brightness", 1);
      case "darker": return tone("brightness", -1);
      case "more-contrast": return tone("contrast", 1);
      case "less-contrast": return tone("contrast", -1);
      case "reset-tones": return this.set({ tones: PLAIN_TONES });
      case "toggle-masks": return this.set({ masksShown: !this.state.masksShown });
      case "help": return;
    }
  }

  private get size(): Size {
    return this.photo?.image ?? { width: 1, height: 1 };
  }

  private zoomToSelection(): void {
    const { objects, selected, draft } = this.session.state;
    const boxes: Box[] = objects.filter(({ id }) => selected.includes(id)).map(({ mask }) => mask.box);
    if (draft?.mask) boxes.push(draft.mask.box);
    if (boxes.length === 0) return;
    const box: Box = [
      Math.min(...boxes.map((b) => b[0])), Math.min(...boxes.map((b) => b[1])),
      Math.max(...boxes.map((b) => b[2])), Math.max(...boxes.map((b) => b[3])),
    ];
    this.move(around(box, this.viewport.width, this.viewport.height));
  }

  private move(viewport: Viewport): void {
    if (!this.photo) return;
    if (viewport.scale !== this.viewport.scale) this.zoomedAt = performance.now();
    this.viewport = viewport;
    this.photoDirty = true;
    this.session.activity();
    this.redraw();
    if (viewport.scale !== this.state.scale) {
      this.state = { ...this.state, scale: viewport.scale };
      this.changed(this.state);
    }
  }

  private resize(): void {
    const { width, height } = this.element.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    for (const canvas of [this.photoCanvas, this.workCanvas]) {
      canvas.width = Math.round(width * devicePixelRatio);
      canvas.height = Math.round(height * devicePixelRatio);
    }
    const fresh = this.viewport.width <= 1;
    this.viewport = this.photo && !fresh
      ? resized(this.viewport, width, height, this.size)
      : fitted(this.size, width, height);
    this.photoDirty = true;
    // At once: a canvas that changed its size is empty.
    this.draw();
  }

  private pointerMoved(place: Point | null): void {
    this.place = place;
    const pointer = place && toImage(this.viewport, place);
    this.state = { ...this.state, pointer };
    if (pointer) {
      const over = this.session.grabbedAt(pointer, GRAB_PX / this.viewport.scale);
      this.element.dataset["over"] = over ?? "";
    }
    this.redraw();
    this.changed(this.state);
  }

  private sessionChanged(state: SessionState): void {
    const { image } = state;
    const key = image && `${image.id}/${image.content}`;
    if (key !== this.shownImage) {
      this.shownImage = key;
      this.photo = image && this.album.open(image);
      this.shapes.clear();
      this.cells.clear();
      this.painted = null;
      this.element.setAttribute("aria-label", image ? `Photo ${image.path}` : "Photo");
      if (image) this.move(fitted(image, this.viewport.width, this.viewport.height));
      performance.clearMarks("extremecut:image");
      performance.mark("extremecut:image");
    } else if (state.upcoming && state.upcoming.id !== image?.id && !this.photo?.busy) {
      this.lookAhead(state);
    }
    this.element.dataset["tool"] = state.tool;
    this.redraw();
  }

  /** Fetches the next photo as it will be shown first. */
  private lookAhead({ upcoming, image }: SessionState): void {
    if (!upcoming || !image) return;
    const { width, height } = this.viewport;
    const photo = this.album.open(upcoming);
    photo.look(photo.whole, fitted(upcoming, width, height).scale * devicePixelRatio);
    this.album.open(image);
  }

  redraw(): void {
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const started = performance.now();
    const { photo, viewport } = this;
    const ratio = devicePixelRatio;
    const deviceScale = viewport.scale * ratio;
    const place = { deviceScale, left: viewport.left, top: viewport.top };
    const area = shownArea(viewport);
    if (this.photoDirty) {
      this.photoDirty = false;
      const context = this.photoCanvas.getContext("2d")!;
      context.clearRect(0, 0, this.photoCanvas.width, this.photoCanvas.height);
      photo?.look(area, deviceScale);
      photo?.draw(context, area, place);
    }
    const context = this.workCanvas.getContext("2d")!;
    context.clearRect(0, 0, this.workCanvas.width, this.workCanvas.height);
    if (!photo) return;
    const { state } = this.session;
    this.showObjects(state, ratio);
    const settled = started - this.zoomedAt > SETTLED_AFTER_MS;
    const complete = this.cells.draw(context, place, settled, started + PAINTING_MS);
    if (!complete) this.redraw();
    const accent = getComputedStyle(this.element).getPropertyValue("--accent").trim() || "#4c9ffe";
    this.painter.paint(context, state, {
      viewport, ratio, accent, pointer: this.place, opacity: this.state.opacity,
      masksShown: this.state.masksShown, colorOf: (id) => colorOf(state, id),
    });
    this.drawLoupe(state, ratio);
    this.markMask(state);
    this.painted = state;
  }

  /** Gives the cells what changed since the last frame. */
  private showObjects(state: SessionState, ratio: number): void {
    const before = this.painted;
    if (before && before.objects === state.objects && before.project?.classes === state.project?.classes
      && before.tool === state.tool && before.selected === state.selected
      && before.draft?.objectId === state.draft?.objectId) return;
    const apart = objectsApart(state);
    const painted: PaintedObject[] = [];
    for (const { id, mask, class_id, visible } of this.state.masksShown ? state.objects : []) {
      if (!visible || apart.has(id) || mask.runs.length === 0) continue;
      painted.push({ id, mask, color: colorOf(state, class_id) });
    }
    this.cells.show(painted, { opacity: this.state.opacity, lineWidth: 1.5 * ratio });
  }

  private drawLoupe(state: SessionState, ratio: number): void {
    const { photo, place, viewport } = this;
    const placing = state.tool === "points" && !this.element.classList.contains("panning")
      && (this.element.dataset["over"] === "point" || pointsShown(state).length < 4);
    if (!photo || !place || !loupeWanted(this.state.loupe, viewport.scale, placing)) {
      this.loupe.hide();
      photo?.alsoLook("loupe", null, 1);
      return;
    }
    const draft = state.draft?.mask?.runs.length ? state.draft.mask : null;
    this.loupe.draw(photo, place, toImage(viewport, place), viewport, viewport.scale, ratio,
      filterOf(this.state.tones), draft, colorOf(state, state.draft?.classId ?? -1));
  }

  /** For measuring: when a new prediction was on the screen. */
  private markMask(state: SessionState): void {
    const mask = state.draft?.mask ?? null;
    if (!mask || mask === (this.painted?.draft?.mask ?? null)) return;
    requestAnimationFrame(() => {
      performance.clearMarks("extremecut:mask");
      performance.mark("extremecut:mask");
    });
  }
}

function colorOf(state: SessionState, classId: number): string {
  return state.project?.classes.find(({ id }) => id === classId)?.color ?? "#4c9ffe";
}
