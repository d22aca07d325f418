/** Masks on their way: run lengths as text, in the form of COCO's compressed run lengths. */

import type { Box, MaskRuns } from "./types";

export interface PackedMask {
  readonly box: Box;
  readonly runs: string;
}

export function packed(mask: MaskRuns): PackedMask {
  return { box: mask.box, runs: textOfRuns(mask.runs) };
}

/**
 * A number is a row of groups of five bits, the lowest first, one character each. The sixth bit
 * says that more follow, the highest bit of the last group is the sign. From the fourth number
 * on, the difference to the one before the last is kept: rows next to each other are alike.
 */
export function textOfRuns(runs: readonly number[]): string {
  let text = "";
  for (let i = 0; i < runs.length; i++) {
    let left = i > 2 ? runs[i]! - runs[i - 2]! : runs[i]!;
    let more = true;
    while (more) {
      const group = left & 31;
      left >>= 5;
      more = left !== ((group & 16) === 0 ? 0 : -1);
      text += String.fromCharCode(48 + group + (more ? 32 : 0));
    }
  }
  return text;
}

/** Of text that the server wrote, with numbers below 2^31. */
export function runsOfText(text: string): number[] {
  const runs: number[] = [];
  let value = 0;
  let shift = 0;
  for (let i = 0; i < text.length; i++) {
    const group = text.charCodeAt(i) - 48;
    value |= (group & 31) << shift;
    shift += 5;
    if ((group & 32) !== 0) continue;
    if ((group & 16) !== 0 && shift < 32) value |= -1 << shift;
    runs.push(runs.length > 2 ? value + runs[runs.length - 2]! : value);
    value = 0;
    shift = 0;
  }
  return runs;
}

/** Characters of all remembered masks together; 4 to 8 bytes each once unpacked. */
const MOST_CHARACTERS = 4_000_000;

/**
 * The masks unpacked last. Each answer about an image repeats those of all its objects: what did
 * not change is not unpacked again, and is the very same value.
 */
export class MaskMemory {
  #masks = new Map<string, MaskRuns>();
  #characters = 0;

  constructor(private readonly most = MOST_CHARACTERS) {}

  unpacked({ box, runs }: PackedMask): MaskRuns {
    const known = this.#masks.get(runs);
    const same = known?.box.every((value, i) => value === box[i]);
    const mask = known && same ? known : { box, runs: runsOfText(runs) };
    if (known) this.#masks.delete(runs);
    else this.#characters += runs.length;
    this.#masks.set(runs, mask);
    this.#forget();
    return mask;
  }

  #forget(): void {
    for (const oldest of this.#masks.keys()) {
      if (this.#characters <= this.most) return;
      this.#masks.delete(oldest);
      this.#characters -= oldest.length;
    }
  }
}
