// The stretches of time a grid is made of, newest first, and how changes are patched into them. Pure:
// every change makes new records, so whoever holds an old one sees what it was.

import type { TimelineBucket } from '../api/timeline';
import { dayOfTile, newestFirst, type Tile } from './tile';

export interface Bucket extends TimelineBucket {
  /** Newest first; null until asked for. */
  readonly tiles: readonly Tile[] | null;
  /** What is shown may be old: it is fetched again when it comes into view. */
  readonly stale: boolean;
}

export type Buckets = readonly Bucket[];

/** The server's list with what is known of the old one: tiles stay wherever they still add up. */
export function renew(old: Buckets, fresh: readonly TimelineBucket[]): Buckets {
  const byKey = new Map(old.map((bucket) => [bucket.key, bucket]));
  const byMonth = new Map<string, Tile[]>();
  for (const tile of old.flatMap((bucket) => bucket.tiles ?? [])) {
    const key = tile.local.slice(0, 7);
    const month = byMonth.get(key);
    if (month) month.push(tile);
    else byMonth.set(key, [tile]);
  }
  return fresh.map((told) => {
    const month = byMonth.get(told.from.slice(0, 7)) ?? [];
    const inside = month.filter((tile) => contains(told, dayOfTile(tile)));
    if (inside.length === told.count) {
      const before = byKey.get(told.key);
      const same = before?.tiles?.length === inside.length;
      return { ...told, tiles: same ? before.tiles : inside, stale: before?.stale ?? false };
    }
    const known = byKey.get(told.key)?.tiles ?? null;
    return { ...told, tiles: known, stale: known !== null };
  });
}

/** Puts what a stretch of buckets turned out to hold where it belongs. */
export function fill(buckets: Buckets, keys: ReadonlySet<string>, tiles: readonly Tile[]): Buckets {
  return buckets
    .map((bucket) => {
      if (!keys.has(bucket.key)) return bucket;
      const inside = tiles.filter((tile) => contains(bucket, dayOfTile(tile))).sort(newestFirst);
      return { ...bucket, count: inside.length, tiles: inside, stale: false };
    })
    .filter((bucket) => bucket.count > 0);
}

/** Takes tiles in, in the places of their days. Says whether the counts must be asked for anew. */
export function insert(buckets: Buckets, tiles: readonly Tile[]): { buckets: Buckets; unsure: boolean } {
  let next = buckets;
  let unsure = false;
  for (const tile of tiles) {
    const at = next.findIndex((bucket) => bucket.from <= dayOfTile(tile));
    const found = next[at];
    if (found && contains(found, dayOfTile(tile))) {
      // An unloaded stretch may count the tile already, or not yet.
      if (found.tiles === null) unsure = true;
      else next = next.with(at, withTile(found, tile));
    } else {
      next = next.toSpliced(at < 0 ? next.length : at, 0, monthOf(tile));
    }
  }
  return { buckets: next, unsure };
}

/** Takes the ids out of what is loaded. */
export function without(buckets: Buckets, ids: ReadonlySet<string>): Buckets {
  let changed = false;
  const next = buckets.map((bucket) => {
    const kept = bucket.tiles?.filter((tile) => !ids.has(tile.id));
    if (!kept || kept.length === bucket.tiles?.length) return bucket;
    changed = true;
    return { ...bucket, tiles: kept, count: kept.length };
  });
  return changed ? next.filter((bucket) => bucket.count > 0) : buckets;
}

/** The index of the bucket a day falls into, else of the nearest older one, else the last. */
export function indexOfDay(buckets: Buckets, day: string): number {
  const at = buckets.findIndex((bucket) => bucket.from <= day);
  return at < 0 ? buckets.length - 1 : at;
}

export function contains(bucket: Pick<TimelineBucket, 'from' | 'to'>, day: string): boolean {
  return bucket.from <= day && day < bucket.to;
}

function withTile(bucket: Bucket, tile: Tile): Bucket {
  const tiles = [...(bucket.tiles ?? []).filter((other) => other.id !== tile.id), tile].sort(newestFirst);
  return { ...bucket, tiles, count: tiles.length };
}

/** Where no bucket is there is nothing else: the new one is complete. */
function monthOf(tile: Tile): Bucket {
  const key = tile.local.slice(0, 7);
  const [year, month] = key.split('-').map(Number) as [number, number];
  const to = month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`;
  return { key, from: `${key}-01`, to, count: 1, tiles: [tile], stale: false };
}
