/** Which items of a long list are to be shown. Pure. */

export interface ListWindow {
  readonly first: number;
  /** One behind the last. */
  readonly end: number;
}

/**
 * @param offset how far the list is scrolled, @param length of what is seen, @param step from one
 * item to the next: all in CSS pixels, along the list.
 */
export function windowOf(
  count: number, step: number, offset: number, length: number, spare = 3,
): ListWindow {
  const first = Math.max(Math.floor(offset / step) - spare, 0);
  const end = Math.min(Math.ceil((offset + length) / step) + spare, count);
  return { first: Math.min(first, end), end: Math.max(end, 0) };
}

/** Where to scroll so that an item is seen whole; the offset itself when it is. */
export function offsetToShow(
  index: number, step: number, offset: number, length: number,
): number {
  const start = index * step;
  if (start < offset) return start;
  if (start + step > offset + length) return start + step - length;
  return offset;
}
