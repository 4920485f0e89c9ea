// The scroll bar's coordinates and the grid's. Browsers clamp the height of a box (Firefox at 17.9
// million pixels), and changing scrollTop while a finger flings stops the fling. So the grid has a
// place of its own: small movements move it one to one, large jumps in proportion, and the scroll bar
// is put right whenever it rests. Pure.

/** No box is made higher. */
export const TALLEST = 4_000_000;

export interface Scroll {
  /** Where the view begins in the grid. */
  top: number;
  /** Where it begins in the box that the browser scrolls. */
  bar: number;
}

export interface Extent {
  /** Of the whole grid. */
  height: number;
  /** Of the view. */
  view: number;
}

/** Height of the box that the browser scrolls. */
export function boxHeight({ height }: Extent): number {
  return Math.min(TALLEST, height);
}

/** The furthest a view can begin. */
export function lastTop({ height, view }: Extent): number {
  return Math.max(0, height - view);
}

/** Where the bar belongs for a place in the grid. */
export function barFor(top: number, extent: Extent): number {
  const [reach, bar] = [lastTop(extent), Math.max(0, boxHeight(extent) - extent.view)];
  return reach === 0 ? 0 : Math.round((Math.min(top, reach) / reach) * bar);
}

/** The place in the grid after the browser has scrolled the box to `bar`. */
export function moved(from: Scroll, bar: number, extent: Extent): Scroll {
  const apart = bar - from.bar;
  const reach = lastTop(extent);
  const near = Math.abs(apart) <= 2 * extent.view;
  const room = Math.max(1, boxHeight(extent) - extent.view);
  const top = near ? from.top + apart : (bar / room) * reach;
  return { top: Math.min(reach, Math.max(0, top)), bar };
}

/** The bar has come to an end that is not the grid's: it must be put right at once. */
export function atFalseEnd({ top, bar }: Scroll, extent: Extent): boolean {
  const end = Math.max(0, boxHeight(extent) - extent.view);
  return (bar <= 0 && top > 0) || (bar >= end - 1 && top < lastTop(extent) - 1);
}
