/** Line icons of 20 x 20. */

const PATHS = {
  points: "M8.4 3.5a1.6 1.6 0 1 0 3.2 0 1.6 1.6 0 1 0-3.2 0zM14.9 10a1.6 1.6 0 1 0 3.2 0 1.6 1.6 0 1 0-3.2 0zM8.4 16.5a1.6 1.6 0 1 0 3.2 0 1.6 1.6 0 1 0-3.2 0zM1.9 10a1.6 1.6 0 1 0 3.2 0 1.6 1.6 0 1 0-3.2 0zM12.4 4A6.5 6.5 0 0 1 16 7.6M16 12.4A6.5 6.5 0 0 1 12.4 16M7.6 16A6.5 6.5 0 0 1 4 12.4M4 7.6A6.5 6.5 0 0 1 7.6 4",
  brush: "M16.5 3.5 8.7 11.3M8.3 11c1.6.2 2.9 1.5 3 3-1.2 2.2-4.3 3-7.8 2.5 1.2-.8 1.5-1.8 1.6-2.8.1-1.5 1.5-2.9 3.2-2.700z",
  eraser: "M7.5 16.5 3.5 12.500a1.2 1.2 0 0 1 0-1.700l7.3-7.300a1.2 1.2 0 0 1 1.7 0l4 4a1.2 1.2 0 0 1 0 1.700l-7.3 7.300zM7.2 7.200l5.6 5.600M7.5 16.500h9",
  select: "M5 3.500l10.5 6.3-4.7 1.2-2.5 4.300z",
  polygon: "M5 14.5 4 6l7-2.5 5.5 5-3 7.500zM4 6h0M11 3.500h0M16.5 8.500h0M13.5 16h0M5 14.500h0",
  undo: "M7 4 3.5 7.5 7 11M4 7.500h7.500a4.3 4.3 0 0 1 0 8.600H8",
  redo: "M13 4l3.5 3.500L13 11M16 7.500H8.500a4.3 4.3 0 0 0 0 8.600H12",
  next: "M7.5 4.5 13 10l-5.5 5.5",
  previous: "M12.5 4.5 7 10l5.5 5.5",
  menu: "M10 4.500h0M10 10h0M10 15.500h0",
  check: "M4 10.5 8 14.500l8-9",
  eye: "M2.5 10S5.3 5 10 5s7.5 5 7.5 5-2.8 5-7.5 5-7.5-5-7.5-5zM12.2 10a2.2 2.2 0 1 1-4.4 0 2.2 2.2 0 0 1 4.4 0z",
  hidden: "M3 3l14 14M8.2 5.200A7 7 0 0 1 10 5c4.7 0 7.5 5 7.5 5a13 13 0 0 1-2.2 2.700M5.2 6.400A13 13 0 0 0 2.5 10s2.8 5 7.5 5a7 7 0 0 0 3.3-.9",
  lock: "M5.5 9h9v7.500h-9zM7.2 9V6.500a2.8 2.8 0 0 1 5.6 0V9",
  unlock: "M5.5 9h9v7.500h-9zM7.2 9V6.500a2.8 2.8 0 0 1 5.3-1.3",
  plus: "M10 4.500v11M4.5 10h11",
  minus: "M4.5 10h11",
  fit: "M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4",
  tones: "M10 3.500a6.5 6.5 0 1 0 0 13zM10 3.500a6.5 6.5 0 0 1 0 13",
  holes: "M16.5 10a6.5 6.5 0 1 1-13 0 6.5 6.5 0 0 1 13 0zM12 10a2 2 0 1 1-4 0 2 2 0 0 1 4 0z",
  largest: "M4 4h8v8H4zM14.5 14.500h2v2h-2z",
  split: "M8 4H4v12h4M12 4h4v12h-4M10 3v2.500M10 8.700v2.600M10 14.500V17",
  merge: "M3.5 6.500h8v8h-8zM8.5 4.500h8v8",
  grow: "M10 3v3.500M10 13.500V17M3 10h3.500M13.5 10H17M8.3 4.5 10 2.800l1.7 1.700M8.3 15.500l1.7 1.7 1.7-1.700M4.5 8.3 2.8 10l1.7 1.700M15.5 8.300l1.7 1.7-1.7 1.7",
  shrink: "M10 2.500V7M10 13v4.500M2.5 10H7M13 10h4.500M8.3 5.5 10 7.200l1.7-1.700M8.3 14.500l1.7-1.7 1.7 1.700M5.5 8.3 7.2 10l-1.7 1.700M14.5 8.3 12.8 10l1.7 1.7",
  bin: "M4 6h12M8 6V4h4v2M5.5 6l.7 10.500h7.600L14.5 6M8.5 9v4.500M11.5 9v4.5",
  edit: "M4 16l.8-3.300L13 4.500l2.5 2.5-8.2 8.200z",
  close: "M5 5l10 10M15 5 5 15",
  help: "M7.5 7.500a2.5 2.5 0 1 1 3.6 2.200c-.8.4-1.1.9-1.1 1.800M10 14.500h0M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0z",
  missing: "M3.5 4.500h13v11h-13zM6 7.500l8 5M14 7.500l-8 5",
  warning: "M10 3.500 17.500 16.500h-15zM10 8.500v3.500M10 14.200h0",
  filmstrip: "M3 5h14v10H3zM3 12h14M7.5 12v3M12.5 12v3",
} as const;

export type IconName = keyof typeof PATHS;

const NAMESPACE = "http://www.w3.org/2000/svg";

export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(NAMESPACE, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(NAMESPACE, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export function changeIcon(svg: SVGSVGElement, name: IconName): void {
  const path = svg.firstElementChild!;
  if (path.getAttribute("d") !== PATHS[name]) path.setAttribute("d", PATHS[name]);
}
