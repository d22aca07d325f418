/** One table of what can be done by key: the key handler and the help page both read it. */

export type Command =
  | "accept" | "cancel" | "remove" | "undo" | "redo"
  | "tool-points" | "tool-brush" | "tool-eraser" | "tool-select" | "tool-polygon"
  | "brush-larger" | "brush-smaller" | "detail-more" | "detail-less"
  | "fill-holes" | "keep-largest" | "split" | "merge" | "grow" | "shrink"
  | "select-next" | "select-previous" | "edit" | "remove-vertex" | "remove-point"
  | "toggle-visible" | "toggle-lock"
  | "next-image" | "previous-image" | "done-and-next" | "toggle-reviewed"
  | "class-1" | "class-2" | "class-3" | "class-4" | "class-5"
  | "class-6" | "class-7" | "class-8" | "class-9" | "class-10";

/** What concerns only how the page shows things; the view carries these out. */
export type ViewCommand =
  | "zoom-in" | "zoom-out" | "zoom-fit" | "zoom-actual" | "zoom-selection"
  | "pan-left" | "pan-right" | "pan-up" | "pan-down"
  | "brighter" | "darker" | "more-contrast" | "less-contrast" | "reset-tones"
  | "toggle-masks" | "help";
