/** Numbers and names as people read them. */

export function percent(value: number): string {
  return `${Math.round(value * 100)} %`;
}

/** "12 %" of zoom; two digits where it matters. */
export function zoomText(scale: number): string {
  const value = scale * 100;
  return value < 10 ? `${value.toFixed(1)} %` : `${Math.round(value)} %`;
}

export function seconds(value: number | null): string {
  if (value === null) return "–";
  return value < 60 ? `${value.toFixed(1)} s` : `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`;
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** The last part of a path. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Colours told apart by colour-blind people too; then round the wheel. */
const COLORS = [
  "#56b4e9", "#e69f00", "#2fbf94", "#f0e442", "#d55e00", "#cc79a7", "#8da0ff", "#b5d33d",
] as const;

/** One that no class has yet. */
export function freeColor(taken: readonly string[]): string {
  const used = new Set(taken.map((color) => color.toLowerCase()));
  const free = COLORS.find((color) => !used.has(color));
  if (free) return free;
  const hue = (taken.length * 137.508) % 360;
  return hexOf(hue, 0.65, 0.62);
}

function hexOf(hue: number, saturation: number, lightness: number): string {
  const part = (n: number) => {
    const k = (n + hue / 30) % 12;
    const a = saturation * Math.min(lightness, 1 - lightness);
    const value = lightness - a * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(value * 255).toString(16).padStart(2, "0");
  };
  return `#${part(0)}${part(8)}${part(4)}`;
}
