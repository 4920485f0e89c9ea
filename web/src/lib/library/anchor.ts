// Keeps what somebody looks at where it is while heights above it change. Pure.

import { indexOfDay } from './buckets';
import { spanAt, type Geometry, type Span } from './geometry';
import type { Place } from './library.svelte';
import { dayOfTile } from './tile';
import type { Box, Measures } from './timeline';

interface Spot {
  id: string;
  day: string;
  y: number;
}

/** What is at the upper edge of a view that begins at `top`, and how far down it is. */
export function placeAt(geometry: Geometry, measures: Measures, top: number): Place | null {
  const span = geometry.spans[spanAt(geometry, top)];
  if (!span) return null;
  const spot = firstBelow(span, measures, top);
  if (spot) return { day: spot.day, id: spot.id, y: spot.y - top };
  return { day: span.bucket.from, id: null, y: span.y - top };
}

/** Where a view must begin for the place to be where it was; the nearest to it when it is gone. */
export function topFor(geometry: Geometry, measures: Measures, place: Place): number {
  const at = indexOfDay(geometry.spans.map((span) => span.bucket), place.day);
  const span = geometry.spans[at];
  if (!span) return 0;
  const box = place.id === null ? null : find(span, measures, (one) => one.id === place.id);
  return (box ?? span.y) - place.y;
}

/**
 * Where a view that began at `top` in the old geometry must begin in the new one, for what was in it
 * to stay: the first asset in view that is still there decides.
 */
export function carry(old: Geometry, fresh: Geometry, measures: Measures, fit: Measures, top: number, height: number): number {
  for (let at = spanAt(old, top); at >= 0 && at < old.spans.length; at += 1) {
    const span = old.spans[at] as Span;
    if (span.y > top + height) break;
    const now = fresh.spans.find((one) => one.bucket.key === span.bucket.key);
    if (!now) continue;
    if (now.layout === span.layout && measures === fit) return top + now.y - span.y;
    const held = hold(span, now, measures, fit, top);
    if (held !== null) return held;
  }
  const place = placeAt(old, measures, top);
  return place ? topFor(fresh, fit, place) : 0;
}

function hold(span: Span, now: Span, measures: Measures, fit: Measures, top: number): number | null {
  if (!span.layout || !now.layout) {
    // Was or is only an outline: the same share of it stays at the edge.
    const share = Math.min(1, Math.max(0, (top - span.y) / span.h));
    return span.y >= top ? top + now.y - span.y : now.y + share * now.h;
  }
  const there = new Map<string, number>();
  each(now, fit, (box, y) => there.set(box.id, y));
  let held: number | null = null;
  each(span, measures, (box, y) => {
    const to = there.get(box.id);
    if (held === null && y + box.h > top && to !== undefined) held = top + to - y;
  });
  return held;
}

function firstBelow(span: Span, measures: Measures, top: number): Spot | null {
  const tiles = span.bucket.tiles;
  let spot: Spot | null = null;
  each(span, measures, (box, y) => {
    const tile = tiles?.[box.index];
    if (spot === null && tile && y + box.h > top) spot = { id: box.id, day: dayOfTile(tile), y };
  });
  return spot;
}

function find(span: Span, measures: Measures, wanted: (box: Box) => boolean): number | null {
  let found: number | null = null;
  each(span, measures, (box, y) => {
    if (found === null && wanted(box)) found = y;
  });
  return found;
}

/** Every box of a span with its upper edge in the coordinates of the whole grid, in reading order. */
function each(span: Span, measures: Measures, visit: (box: Box, y: number) => void): void {
  for (const band of span.layout?.bands ?? []) {
    for (const group of band.groups) {
      for (const row of group.rows) {
        for (const box of row.boxes) visit(box, span.y + band.y + measures.heading + box.y);
      }
    }
  }
}
