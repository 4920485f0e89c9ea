// Where every stretch of a grid lies: exact where its tiles are known, estimated where not. Pure.

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

/** Lays out buckets; what has not changed since the last call is not laid out again. */
export class Surveyor {
  #measures: Measures | null = null;
  #laidOut = new WeakMap<readonly Tile[], Layout>();
  /** Heights of stretches whose tiles were let go again. */
  #known = new Map<string, { count: number; h: number }>();

  survey(buckets: Buckets, measures: Measures): Geometry {
    if (this.#measures !== measures) {
      this.#measures = measures;
      this.#laidOut = new WeakMap();
      this.#known.clear();
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
    const byMonth = measures.byMonth && bucket.key.length === 7;
    const layout = layOut(tiles.map((tile) => sized(tile, byMonth)), measures);
    this.#laidOut.set(tiles, layout);
    return layout;
  }

  #estimate(bucket: Bucket, measures: Measures): number {
    const known = this.#known.get(bucket.key);
    return known?.count === bucket.count ? known.h : estimate(bucket, measures);
  }
}

function sized(tile: Tile, byMonth: boolean): Sized {
  const day = dayOfTile(tile);
  return {
    id: tile.id,
    aspect: hasShape(tile) ? clampAspect(tile.width, tile.height) : 1,
    day: byMonth ? day.slice(0, 7) : day,
  };
}

/** How high a stretch of `count` tiles probably is. */
export function estimate({ count, from, to }: Pick<Bucket, 'count' | 'from' | 'to'>, measures: Measures): number {
  const { width, rowHeight, gap, heading, bandGap } = measures;
  const perRow = Math.max(1, width / (rowHeight * MEAN_ASPECT + gap));
  const days = Math.max(1, Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000));
  // Few tiles a day share rows with the days beside them.
  const bands = measures.byMonth ? 1 : Math.max(1, Math.min(days, Math.floor(count / perRow)));
  const rows = Math.max(bands, Math.ceil(count / perRow));
  return bands * (heading + bandGap) + rows * (rowHeight + gap);
}

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
