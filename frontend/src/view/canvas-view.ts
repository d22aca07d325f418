/** The canvas: the photo below, objects and the work at hand above it, the loupe beside. */

import type { Session } from "../core/session";
import type { ViewCommand } from "../core/shortcuts";
import type { SessionState } from "../core/state";
import type { Box, Point, Size } from "../core/types";
import { Loupe, loupeWanted, Placing } from "./loupe";
import { ObjectCells, type PaintedObject } from "./object-cells";
import { ObjectShapes } from "./object-shapes";
import { Album, type PhotoTiles, type PhotoUrls } from "./photo-tiles";
import { GRAB_PX, PointerControl } from "./pointer";
import { filterOf } from "./tones";
import { boxAround, changedBy, FIRST_VIEW, movedBy, type ViewChange, type ViewState } from "./view-state";
import { around, fitted, panned, resized, shownArea, toImage, zoomed, type Viewport } from "./viewport";
import { pointsShown } from "./marks-painter";
import { objectsApart, WorkPainter } from "./work-painter";

/** Painting of objects per frame; the rest of 16 ms is the browser's. */
const PAINTING_MS = 7;
const SETTLED_AFTER_MS = 90;

export class CanvasView {
  readonly element = document.createElement("div");
  state: ViewState = FIRST_VIEW;
  photo: PhotoTiles | null = null;

  private readonly photoCanvas = document.createElement("canvas");
  private readonly workCanvas = document.createElement("canvas");
  private readonly loupe = new Loupe();
  private readonly placing = new Placing();
  private readonly shapes = new ObjectShapes();
  private readonly cells = new ObjectCells(this.shapes);
  private readonly painter = new WorkPainter(this.shapes);
  private readonly album: Album;
  private readonly hand: PointerControl;
  private viewport: Viewport = { scale: 1, left: 0, top: 0, width: 1, height: 1 };
  /** Device pixels per CSS pixel, as the canvases are. */
  private ratio = devicePixelRatio;
  private place: Point | null = null;
  private zoomedAt = -Infinity;
  private frame = 0;
  private shownImage: string | null = null;
  private ahead: number | null = null;
  /** The photo was chosen and nothing of it has been painted. */
  private awaited = false;
  private painted: SessionState | null = null;
  private photoDirty = true;

  constructor(
    private readonly session: Session, urls: PhotoUrls, private readonly changed: (state: ViewState) => void,
    private readonly tilesArrived: () => void,
  ) {
    Object.assign(this.element, { className: "canvas", tabIndex: 0, role: "application", ariaLabel: "Photo" });
    this.element.append(this.photoCanvas, this.workCanvas, this.loupe.canvas);
    this.album = new Album(urls, () => {
      this.photoDirty = true;
      this.redraw();
      this.lookAhead(session.state);
      this.tilesArrived();
    }, (imageId) => session.pictureRefused(imageId));
    this.hand = new PointerControl(this.element, {
      session,
      scale: () => this.viewport.scale,
      imagePoint: (place) => toImage(this.viewport, place),
      pan: (dx, dy) => this.move(panned(this.viewport, dx, dy, this.size)),
      zoom: (factor, place) => this.move(zoomed(this.viewport, factor, place, this.size)),
      moved: (place) => this.pointerMoved(place),
      panning: (active) => this.element.classList.toggle("panning", active),
    });
    new ResizeObserver(() => this.resize()).observe(this.element);
    this.followPixels();
    session.subscribe((state) => this.sessionChanged(state));
  }

  holdSpace(held: boolean): void {
    this.hand.holdSpace(held);
  }

  set(change: ViewChange): void {
    this.state = { ...this.state, ...change };
    this.photoCanvas.style.filter = filterOf(this.state.tones);
    this.painted = null;
    this.redraw();
    this.changed(this.state);
  }

  run(command: ViewCommand): void {
    if (command === "zoom-selection") return this.zoomToSelection();
    const viewport = movedBy(command, this.viewport, this.place, this.size, devicePixelRatio);
    if (viewport) return this.move(viewport);
    const change = changedBy(command, this.state);
    if (change) this.set(change);
  }

  private get size(): Size {
    return this.photo?.image ?? { width: 1, height: 1 };
  }

  private zoomToSelection(): void {
    const { objects, selected, draft } = this.session.state;
    const boxes: Box[] = objects.filter(({ id }) => selected.includes(id)).map(({ mask }) => mask.box);
    if (draft?.mask) boxes.push(draft.mask.box);
    const box = boxAround(boxes);
    if (box) this.move(around(box, this.viewport.width, this.viewport.height));
  }

  private move(viewport: Viewport): void {
    if (!this.photo) return;
    if (viewport.scale !== this.viewport.scale) this.zoomedAt = performance.now();
    this.viewport = viewport;
    this.photoDirty = true;
    this.session.activity();
    this.redraw();
    this.tell();
  }

  private resize(): void {
    const { width, height } = this.element.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    if (this.ratio !== devicePixelRatio) this.painted = null;
    this.ratio = devicePixelRatio;
    for (const canvas of [this.photoCanvas, this.workCanvas]) {
      canvas.width = Math.round(width * this.ratio);
      canvas.height = Math.round(height * this.ratio);
    }
    const fresh = this.viewport.width <= 1;
    this.viewport = this.photo && !fresh
      ? resized(this.viewport, width, height, this.size)
      : fitted(this.size, width, height);
    this.photoDirty = true;
    // At once: a canvas that changed its size is empty.
    this.draw();
    this.tell();
  }

  /** On another screen a CSS pixel has other pixels; the canvas' size in CSS pixels stays. */
  private followPixels(): void {
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener("change", () => {
      this.redraw();
      this.followPixels();
    }, { once: true });
  }

  private pointerMoved(place: Point | null): void {
    this.place = place;
    if (place) {
      const over = this.session.grabbedAt(toImage(this.viewport, place), GRAB_PX / this.viewport.scale);
      this.element.dataset["over"] = over ?? "";
    }
    this.redraw();
    this.tell();
  }

  /** The pointer moved over the photo, or the photo below it. */
  private tell(): void {
    const pointer = this.place && toImage(this.viewport, this.place);
    this.state = { ...this.state, pointer, scale: this.viewport.scale };
    this.changed(this.state);
  }

  private sessionChanged(state: SessionState): void {
    const { image } = state;
    const readable = image?.problem === null;
    const key = image && `${image.id}/${image.content}/${image.missing}/${readable}`;
    if (key !== this.shownImage) {
      this.shownImage = key;
      this.photo = readable ? this.album.open(image) : null;
      if (image && !readable) this.album.forget(image);
      this.shapes.clear();
      this.cells.clear();
      this.painted = null;
      this.element.setAttribute("aria-label", image ? `Photo ${image.path}` : "Photo");
      if (this.photo) this.move(fitted(this.size, this.viewport.width, this.viewport.height));
      else this.pointerMoved(null);
      this.awaited = this.photo !== null;
      this.photoDirty = true;
    }
    this.lookAhead(state);
    this.element.dataset["tool"] = state.tool;
    this.redraw();
  }

  /** Fetches the next photo as it will be shown first, once this one is there. */
  private lookAhead({ upcoming, image }: SessionState): void {
    if (!upcoming || !image || upcoming.id === image.id || upcoming.id === this.ahead) return;
    if (upcoming.problem !== null) return;
    if (this.photo?.busy) return;
    this.ahead = upcoming.id;
    const { width, height } = this.viewport;
    const photo = this.album.open(upcoming);
    photo.look(photo.whole, fitted(upcoming, width, height).scale * devicePixelRatio);
    if (this.photo) this.album.open(image);
  }

  redraw(): void {
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    if (this.ratio !== devicePixelRatio && this.viewport.width > 1) return this.resize();
    const started = performance.now();
    const { photo, viewport } = this;
    const { ratio } = this;
    const deviceScale = viewport.scale * ratio;
    const place = { deviceScale, left: viewport.left, top: viewport.top };
    const area = shownArea(viewport);
    if (this.photoDirty) {
      this.photoDirty = false;
      const context = this.photoCanvas.getContext("2d")!;
      context.clearRect(0, 0, this.photoCanvas.width, this.photoCanvas.height);
      photo?.look(area, deviceScale);
      if (photo?.draw(context, area, place) && this.awaited) {
        this.awaited = false;
        markPainted("extremecut:image");
      }
    }
    const context = this.workCanvas.getContext("2d")!;
    context.clearRect(0, 0, this.workCanvas.width, this.workCanvas.height);
    if (!photo) return;
    const { state } = this.session;
    this.showObjects(state, ratio);
    const settled = started - this.zoomedAt > SETTLED_AFTER_MS;
    const complete = this.cells.draw(context, place, settled, started + PAINTING_MS);
    if (!complete) this.redraw();
    this.painter.paint(context, state, {
      viewport, ratio, pointer: this.place, opacity: this.state.opacity,
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
    const overPoint = this.element.dataset["over"] === "point";
    const placing = this.placing.goesOn(pointsShown(state).length, overPoint, place)
      && state.tool === "points" && !this.element.classList.contains("panning");
    if (!photo || !place || !loupeWanted(this.state.loupe, viewport.scale, placing)) {
      this.loupe.hide();
      photo?.alsoLook("loupe", null, 1);
      return;
    }
    const draft = state.draft?.mask?.runs.length ? state.draft.mask : null;
    this.loupe.draw(photo, place, toImage(viewport, place), viewport, viewport.scale, ratio,
      filterOf(this.state.tones), draft, colorOf(state, state.draft?.classId ?? -1));
  }

  private markMask(state: SessionState): void {
    const mask = state.draft?.mask ?? null;
    if (mask && mask !== (this.painted?.draft?.mask ?? null)) markPainted("extremecut:mask");
  }
}

/** For measuring: the frame that begins now is on the screen when the next begins. */
function markPainted(name: string): void {
  requestAnimationFrame(() => {
    performance.clearMarks(name);
    performance.mark(name);
  });
}

function colorOf(state: SessionState, classId: number): string {
  return state.project?.classes.find(({ id }) => id === classId)?.color ?? "#4c9ffe";
}
