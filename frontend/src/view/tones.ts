/** How the photo is shown; its data are never changed. */

export interface Tones {
  /** 1 is as it is; 0.25 to 4. */
  readonly brightness: number;
  readonly contrast: number;
}

export const PLAIN_TONES: Tones = { brightness: 1, contrast: 1 };

const STEP = 1.15;
const LARGEST = 4;

export function changedTones(
  tones: Tones, what: "brightness" | "contrast", steps: number,
): Tones {
  const wanted = tones[what] * STEP ** steps;
  const value = Math.min(Math.max(wanted, 1 / LARGEST), LARGEST);
  // Back and forth ends at exactly 1.
  return { ...tones, [what]: Math.abs(value - 1) < 0.01 ? 1 : value };
}

/** A CSS filter; empty when the photo is shown as it is. */
export function filterOf({ brightness, contrast }: Tones): string {
  const parts: string[] = [];
  if (brightness !== 1) parts.push(`brightness(${brightness.toFixed(3)})`);
  if (contrast !== 1) parts.push(`contrast(${contrast.toFixed(3)})`);
  return parts.join(" ");
}
