/** Mouse, pen, fingers and wheel on the canvas: for the session, or to move the view. */

import type { Session } from "../core/session";
import type { Point } from "../core/types";

export interface PointerTarget {
  readonly session: Session;
  /** CSS pixels per image pixel. */
  scale(): number;
  imagePoint(place: Point): Point;
  pan(dx: number, dy: number): void;
  zoom(factor: number, place: Point): void;
  /** The pointer is here now; null when it left. */
  moved(place: Point | null): void;
  panning(active: boolean): void;
}

/** How near to a point takes hold of it, CSS pixels. */
export const GRAB_PX = 9;
/** The same for a finger, which covers what it means. */
const FINGER_PX = 20;
const ZOOM_PER_PX = 0.0022;

type Hold = "none" | "session" | "pan" | "pinch";

export class PointerControl {
  private readonly fingers = new Map<number, Point>();
  private hold: Hold = "none";
  /** Which of several pointers holds something: a palm beside the pen moves nothing. */
  private holder = -1;
  private holderType = "";
  /** The session was told of the press, whether it follows the drag or not. */
  private told = false;
  private last: Point = [0, 0];
  private space = false;

  constructor(private readonly element: HTMLElement, private readonly target: PointerTarget) {
    element.addEventListener("pointerdown", (event) => this.down(event));
    element.addEventListener("pointermove", (event) => this.move(event));
    element.addEventListener("pointerup", (event) => this.up(event));
    element.addEventListener("pointercancel", (event) => {
      // The browser found that it was no press at all: a palm, or a gesture of the system.
      if (event.pointerId === this.holder) this.takeBack();
      this.up(event);
    });
    element.addEventListener("pointerleave", () => {
      if (this.hold === "none") target.moved(null);
    });
    element.addEventListener("dblclick", (event) => {
      target.session.doubleClick(target.imagePoint(this.placeOf(event)), this.options(event));
    });
    element.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    element.addEventListener("contextmenu", (event) => event.preventDefault());
    // The middle button would start the browser's own scrolling.
    element.addEventListener("mousedown", (event) => {
      if (event.button === 1) event.preventDefault();
    });
  }

  /** While space is held the main button pans. */
  holdSpace(held: boolean): void {
    this.space = held;
    this.target.panning(held || this.hold === "pan");
  }

  private placeOf(event: MouseEvent): Point {
    const box = this.element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  private options(event: MouseEvent) {
    const finger = event instanceof PointerEvent && event.pointerType === "touch";
    return {
      grabPx: (finger ? FINGER_PX : GRAB_PX) / this.target.scale(), shift: event.shiftKey, alt: event.altKey,
    };
  }

  private down(event: PointerEvent): void {
    const place = this.placeOf(event);
    if (event.isPrimary) {
      // The only one of its kind: others that are known of have long come up.
      if (event.pointerType === "touch") this.fingers.clear();
      if (event.pointerType === this.holderType) this.endUnheard();
    }
    this.element.focus({ preventScroll: true });
    this.element.setPointerCapture(event.pointerId);
    if (event.pointerType === "pen" && this.fingers.size > 0) this.dropFingers();
    if (event.pointerType === "touch") {
      // The palm of the hand that holds the pen.
      if (this.heldBeside(event) && !this.fingers.has(this.holder)) return;
      this.fingers.set(event.pointerId, place);
    }
    if (this.hold === "none") this.last = place;
    if (this.fingers.size === 2) {
      this.takeBack();
      this.hold = "pinch";
      // Nothing is under a finger that zooms: no crosshair, no loupe.
      this.target.moved(null);
      return;
    }
    if (this.hold !== "none") return;
    const pans = event.button === 1 || event.button === 2 || this.space;
    if (!pans && event.button !== 0) return;
    this.holder = event.pointerId;
    this.holderType = event.pointerType;
    const point = this.target.imagePoint(place);
    this.told = !pans;
    if (!pans) {
      performance.clearMarks("extremecut:press");
      performance.mark("extremecut:press");
    }
    this.hold = !pans && this.target.session.press(point, this.options(event)) ? "session" : "pan";
    this.target.panning(this.hold === "pan");
    this.target.moved(place);
  }

  /** Whether one pointer holds something, and this event is of another. */
  private heldBeside({ pointerId }: PointerEvent): boolean {
    return (this.hold === "session" || this.hold === "pan") && pointerId !== this.holder;
  }

  /** The palm came down before the pen. */
  private dropFingers(): void {
    this.takeBack();
    this.hold = "none";
    this.fingers.clear();
  }

  /** The button came up where nobody heard it, behind a login or in another window. */
  private endUnheard(): void {
    if (this.hold === "none") return;
    if (this.hold === "session") this.target.session.release(this.target.imagePoint(this.last));
    this.hold = "none";
    this.target.panning(this.space);
  }

  /** What was pressed was no press. */
  private takeBack(): void {
    if (this.told && (this.hold === "session" || this.hold === "pan")) this.target.session.letGo();
    this.told = false;
  }

  private move(event: PointerEvent): void {
    const place = this.placeOf(event);
    if (this.heldBeside(event)) return;
    if (event.buttons === 0 && event.pointerType !== "touch" && event.pointerId === this.holder) this.endUnheard();
    if (this.hold === "pinch") {
      this.pinch(event.pointerId, place);
      return;
    }
    if (this.hold === "pan") this.target.pan(place[0] - this.last[0], place[1] - this.last[1]);
    if (this.hold === "session") {
      // A fast hand makes more events than frames: a stroke wants them all.
      const all = event.getCoalescedEvents?.() ?? [];
      for (const part of all.length > 0 ? all : [event]) {
        this.target.session.drag(this.target.imagePoint(this.placeOf(part)));
      }
    }
    this.last = place;
    this.target.moved(place);
  }

  private pinch(pointerId: number, place: Point): void {
    if (!this.fingers.has(pointerId)) return;
    const before = [...this.fingers.values()];
    this.fingers.set(pointerId, place);
    const after = [...this.fingers.values()];
    if (before.length < 2 || after.length < 2) return;
    const [a, b] = [middle(before), middle(after)];
    this.target.pan(b[0] - a[0], b[1] - a[1]);
    this.target.zoom(apart(after) / Math.max(apart(before), 1), b);
  }

  private up(event: PointerEvent): void {
    const place = this.placeOf(event);
    this.fingers.delete(event.pointerId);
    if (this.heldBeside(event)) return;
    if (this.hold === "session") this.target.session.release(this.target.imagePoint(place));
    if (this.hold === "pinch" && this.fingers.size > 0) return;
    this.hold = "none";
    this.target.panning(this.space);
    if (event.pointerType === "touch") this.target.moved(null);
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const place = this.placeOf(event);
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    const { session } = this.target;
    const { tool, brushRadiusPx } = session.state;
    if (event.ctrlKey || event.metaKey) {
      // A pinch on a touch pad comes as a wheel with Ctrl, in small steps.
      this.target.zoom(Math.exp(-dy * ZOOM_PER_PX * (Math.abs(dy) < 40 ? 4 : 1)), place);
    } else if (event.shiftKey || Math.abs(dx) > Math.abs(dy)) {
      this.target.pan(-(dx || dy), 0);
    } else if (tool === "brush" || tool === "eraser") {
      session.setBrushRadius(brushRadiusPx * Math.exp(-dy * ZOOM_PER_PX / 1.5));
    } else {
      this.target.zoom(Math.exp(-dy * ZOOM_PER_PX), place);
    }
    session.activity();
  }
}

function middle(places: readonly Point[]): Point {
  return [(places[0]![0] + places[1]![0]) / 2, (places[0]![1] + places[1]![1]) / 2];
}

function apart(places: readonly Point[]): number {
  return Math.hypot(places[0]![0] - places[1]![0], places[0]![1] - places[1]![1]);
}
