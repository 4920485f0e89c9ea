// Where every stretch of a grid lies: exact where its tiles are known, estimated where not. Pure.

import type { TimelineBucket } from '../api/timeline';
import type { Bucket, Buckets } from './buckets';
import { dayOfTile, hasShape, type Tile } from './tile';
import { clampAspect, layOut, type Layout, type Measures, type Sized } from './timeline';

export interface Span {
  bucket: Bucket;
  y: number;
  /** With the space under it. */
  h: number;
  layout: Layout | null;
}

export interface Geometry {
  spans: readonly Span[];
  height: number;
}

const MEAN_ASPECT = 1.35;
const DAY_MS = 86_400_000;

/** Lays out buckets; what has not changed since the last call is not laid out again. */
export class Surveyor {
  #measures: Measures | null = null;
  #laidOut = new WeakMap<readonly Tile[], Layout>();
  /** Heights of stretches whose tiles were let go again. */
  #known = new Map<string, { count: number; h: number }>();
  /** A large library has thousands of stretches, and one of them changes at a time. */
  #guesses = new WeakMap<Bucket, number>();

  survey(buckets: Buckets, measures: Measures): Geometry {
    if (this.#measures !== measures) {
      this.#measures = measures;
      this.#laidOut = new WeakMap();
      this.#known.clear();
      this.#guesses = new WeakMap();
    }
    const spans: Span[] = [];
    let y = 0;
    for (const bucket of buckets) {
      const layout = bucket.tiles === null ? null : this.#layOut(bucket.tiles, bucket, measures);
      const h = layout ? layout.height + measures.bandGap : this.#estimate(bucket, measures);
      if (layout) this.#known.set(bucket.key, { count: bucket.count, h });
      spans.push({ bucket, y, h, layout });
      y += h;
    }
    return { spans, height: Math.max(0, y) };
  }

  #layOut(tiles: readonly Tile[], bucket: Bucket, measures: Measures): Layout {
    const done = this.#laidOut.get(tiles);
    if (done) return done;
    // A month so full that it is told by its days keeps their headings.
    const full = new Set(bucket.parts.filter(isDay).map((part) => part.key.slice(0, 7)));
    const headed = (day: string): string => (measures.byMonth && !full.has(day.slice(0, 7)) ? day.slice(0, 7) : day);
    const layout = layOut(tiles.map((tile) => sized(tile, headed)), measures);
    this.#laidOut.set(tiles, layout);
    return layout;
  }

  #estimate(bucket: Bucket, measures: Measures): number {
    const known = this.#known.get(bucket.key);
    if (known?.count === bucket.count) return known.h;
    const guess = this.#guesses.get(bucket) ?? estimate(bucket, measures);
    this.#guesses.set(bucket, guess);
    return guess;
  }
}

const isDay = ({ key }: TimelineBucket): boolean => key.length === 10;

function sized(tile: Tile, headed: (day: string) => string): Sized {
  return {
    id: tile.id,
    aspect: hasShape(tile) ? clampAspect(tile.width, tile.height) : 1,
    day: headed(dayOfTile(tile)),
  };
}

/** How high a stretch of `count` tiles probably is. */
export function estimate({ count, parts }: Pick<Bucket, 'count' | 'parts'>, measures: Measures): number {
  const { width, rowHeight, gap, heading, bandGap } = measures;
  const perRow = Math.max(1, width / (rowHeight * MEAN_ASPECT + gap));
  const headings = measures.byMonth ? parts.length : parts.reduce((sum, part) => sum + daysOf(part), 0);
  // Few tiles a day or month share rows with those beside them.
  const bands = Math.max(1, Math.min(headings, Math.floor(count / perRow)));
  const rows = Math.max(bands, Math.ceil(count / perRow));
  return bands * (heading + bandGap) + rows * (rowHeight + gap);
}

const daysOf = ({ from, to }: TimelineBucket): number => Math.max(1, Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS));

/** Index of the span that covers `y`; the first or last beyond the ends, -1 where there is none. */
export function spanAt({ spans }: Geometry, y: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const span = spans[middle] as Span;
    if (span.y + span.h > y) high = middle;
    else low = middle + 1;
  }
  return Math.min(low, spans.length - 1);
}

/** Spans that touch `[top, bottom]`, as indexes, end exclusive. */
export function spansWithin(geometry: Geometry, top: number, bottom: number): [number, number] {
  const first = spanAt(geometry, top);
  if (first < 0) return [0, 0];
  let end = first;
  while (end < geometry.spans.length && (geometry.spans[end] as Span).y <= bottom) end += 1;
  return [first, Math.max(end, first + 1)];
}

/** The day at `y`: of the group there where tiles are known, else by how much lies in each part. */
export function dayAt(geometry: Geometry, y: number): string | null {
  const span = geometry.spans[spanAt(geometry, y)];
  if (!span) return null;
  const { parts, tiles, from } = span.bucket;
  const band = span.layout?.bands.find((one) => span.y + one.y + one.h > y);
  const tile = band && tiles?.[band.groups[0]?.first ?? 0];
  if (tile) return dayOfTile(tile);
  let left = ((y - span.y) / span.h) * span.bucket.count;
  return parts.find((part) => (left -= part.count) < 0)?.from ?? from;
}

/** Where each year of a library begins, newest first. */
export function yearsIn({ spans }: Geometry): { year: string; y: number }[] {
  const years: { year: string; y: number }[] = [];
  for (const span of spans) {
    let sum = 0;
    for (const part of span.bucket.parts) {
      const year = part.from.slice(0, 4);
      if (year !== years.at(-1)?.year) years.push({ year, y: span.y + reachOf(span, sum) });
      sum += part.count;
    }
  }
  return years;
}

/** How far down in a span its tile of this index is. */
function reachOf({ bucket, layout, h }: Span, index: number): number {
  const band = layout?.bands.find((one) => (one.groups.at(-1)?.end ?? 0) > index);
  return band?.y ?? (index / Math.max(1, bucket.count)) * h;
}
