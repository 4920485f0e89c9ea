// Which part of a layout is worth being in the document, and where the arrow keys lead. Pure.

import type { Span } from './geometry';
import type { Band, Box, Group, Layout, Measures } from './timeline';

/** A day to draw, and those of its tiles that are. */
export interface Shown {
  /** Unique in a whole grid, and the same in whatever stretch the day comes to lie. */
  key: string;
  span: Span;
  band: Band;
  group: Group;
  boxes: Box[];
}

/** What of a stretch touches `[top, bottom]`, all in the coordinates of the whole grid. */
export function shownOf(span: Span, measures: Measures, top: number, bottom: number): Shown[] {
  const { layout } = span;
  if (!layout) return [];
  const [from, to] = [top - span.y, bottom - span.y];
  const [first, end] = bandsWithin(layout, from, to);
  return layout.bands.slice(first, end).flatMap((band) =>
    band.groups.map((group) => ({ key: group.key, span, band, group, boxes: boxesWithin(group, band.y + measures.heading, from, to) })),
  );
}

/** The same and one tile more, wherever it lies. */
export function withIndex(shown: Shown[], span: Span, measures: Measures, index: number): Shown[] {
  const spot = span.layout && place(span.layout, measures, index);
  if (!spot) return shown;
  const { band, group, box } = spot;
  const at = shown.findIndex((one) => one.key === group.key);
  const there = shown[at];
  if (!there) return [...shown, { key: group.key, span, band, group, boxes: [box] }];
  return there.boxes.includes(box) ? shown : shown.with(at, { ...there, boxes: [...there.boxes, box] });
}

/** Bands that touch `[top, bottom]`, as indexes, end exclusive. */
export function bandsWithin(layout: Layout, top: number, bottom: number): [number, number] {
  const first = lowerBound(layout.bands, (band) => band.y + band.h >= top);
  const end = lowerBound(layout.bands, (band) => band.y > bottom);
  return [first, Math.max(first, end)];
}

/** Boxes of the group's rows that touch `[top, bottom]`, given where the group's rows start. */
export function boxesWithin(group: Group, origin: number, top: number, bottom: number): Box[] {
  const first = lowerBound(group.rows, (row) => origin + row.y + row.h >= top);
  const end = lowerBound(group.rows, (row) => origin + row.y > bottom);
  return group.rows.slice(first, end).flatMap((row) => row.boxes);
}

/** First index for which `holds` is true; it must be false before and true after. */
function lowerBound<T>(list: readonly T[], holds: (item: T) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(list[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Of what is to be drawn, what is drawn already and at most `most` tiles more: those in `[top, bottom]`
 * first. The second answer says whether that is all.
 */
export function ration(shown: Shown[], there: ReadonlySet<string>, most: number, top: number, bottom: number): [Shown[], boolean] {
  const fresh = shown.flatMap((one) => one.boxes.filter((box) => !there.has(box.id)).map((box) => ({ one, box })));
  if (fresh.length <= most) return [shown, true];
  const inView = ({ one, box }: (typeof fresh)[number]): boolean => {
    const y = one.span.y + one.band.y + box.y;
    return y + box.h > top && y < bottom;
  };
  const taken = new Set([...fresh.filter(inView), ...fresh.filter((spot) => !inView(spot))].slice(0, most).map(({ box }) => box));
  const part = shown.map((one) => ({ ...one, boxes: one.boxes.filter((box) => there.has(box.id) || taken.has(box)) }));
  return [part.filter((one) => one.boxes.length > 0), false];
}

export interface Place {
  box: Box;
  group: Group;
  band: Band;
  /** Edges in the coordinates of the whole grid. */
  top: number;
  bottom: number;
  centre: number;
}

/** Where the item with this index lies. */
export function place(layout: Layout, measures: Measures, index: number): Place | null {
  const at = lowerBound(layout.bands, (band) => (band.groups.at(-1)?.end ?? 0) > index);
  const band = layout.bands[at];
  const group = band?.groups.find((one) => index >= one.first && index < one.end);
  const box = group?.rows.flatMap((row) => row.boxes).find((one) => one.index === index);
  if (!band || !group || !box) return null;
  const top = band.y + measures.heading + box.y;
  return { box, group, band, top, bottom: top + box.h, centre: group.x + box.x + box.w / 2 };
}

export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown' | 'Home' | 'End';

/**
 * The index one row up or down, nearest to the column; null when it would lead out of this layout.
 */
export function vertical(layout: Layout, measures: Measures, index: number, way: 1 | -1): number | null {
  const from = place(layout, measures, index);
  if (!from) return null;
  const rows = rowsAround(layout, from.band);
  const here = rows.findIndex((row) => row.some((spot) => spot.index === index));
  const next = rows[here + way];
  return next ? nearest(next, from.centre) : null;
}

/** The index in the first or last row of a layout that is nearest to a column. */
export function entry(layout: Layout, side: 'first' | 'last', centre: number): number | null {
  const band = side === 'first' ? layout.bands[0] : layout.bands.at(-1);
  const rows = band ? rowsAround(layout, band) : [];
  const row = side === 'first' ? rows[0] : rows.at(-1);
  return row ? nearest(row, centre) : null;
}

function nearest(row: readonly Spot[], centre: number): number | null {
  let best = row[0];
  for (const spot of row) {
    if (best && Math.abs(spot.centre - centre) < Math.abs(best.centre - centre)) best = spot;
  }
  return best?.index ?? null;
}

interface Spot {
  index: number;
  centre: number;
}

/** Rows of the band and its neighbours, days that share a band being one row. */
function rowsAround(layout: Layout, band: Band): Spot[][] {
  const at = layout.bands.indexOf(band);
  return layout.bands.slice(Math.max(0, at - 1), at + 2).flatMap((one) => {
    if (one.groups.length === 1) return (one.groups[0]?.rows ?? []).map((row) => spots(one.groups[0], row.boxes));
    return [one.groups.flatMap((group) => group.rows.flatMap((row) => spots(group, row.boxes)))];
  });
}

function spots(group: Group | undefined, boxes: Box[]): Spot[] {
  return boxes.map((box) => ({ index: box.index, centre: (group?.x ?? 0) + box.x + box.w / 2 }));
}
