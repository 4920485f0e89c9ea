// The stretches of time a grid is made of, newest first, and how changes are patched into them. Pure:
// every change makes new records, so whoever holds an old one sees what it was.

import type { TimelineBucket } from '../api/timeline';
import { alone, type Stretch } from './gather';
import { dayOfTile, newestFirst, type Tile } from './tile';

export interface Bucket extends Stretch {
  /** Newest first; null until asked for. */
  readonly tiles: readonly Tile[] | null;
  /** What is shown may be old: it is fetched again when it comes into view. */
  readonly stale: boolean;
}

export type Buckets = readonly Bucket[];

const DAY_MS = 86_400_000;

/** The server's list with what is known of the old one: tiles stay wherever they still add up. */
export function renew(old: Buckets, fresh: readonly Stretch[]): Buckets {
  const byKey = new Map(old.map((bucket) => [bucket.key, bucket]));
  const stale = old.filter((bucket) => bucket.stale);
  const tiles = old.flatMap((bucket) => bucket.tiles ?? []);
  let at = 0;
  return fresh.map((told) => {
    at = firstFrom(tiles, at, (tile) => tile.local < told.to);
    const end = firstFrom(tiles, at, (tile) => tile.local < told.from);
    const inside = tiles.slice(at, end);
    at = end;
    const before = byKey.get(told.key);
    if (inside.length === told.count) {
      const same = before?.tiles?.length === inside.length;
      return { ...told, tiles: same ? before.tiles : inside, stale: stale.some((one) => overlap(one, told)) };
    }
    // Most of it is better than an outline until the rest is here.
    const known = before?.tiles ?? (inside.length * 2 >= told.count ? inside : null);
    return { ...told, tiles: known, stale: known !== null };
  });
}

function firstFrom(tiles: readonly Tile[], from: number, holds: (tile: Tile) => boolean): number {
  let at = from;
  while (at < tiles.length && !holds(tiles[at] as Tile)) at += 1;
  return at;
}

const overlap = (a: TimelineBucket, b: TimelineBucket): boolean => a.from < b.to && b.from < a.to;

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
      const place = at < 0 ? next.length : at;
      next = next.toSpliced(place, 0, only(tile, next[place - 1], found));
      // Its month may belong to its neighbours.
      unsure = true;
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

/** Where no bucket is there is nothing else: the new one is complete. A month that others share is told by its days. */
function only(tile: Tile, ...beside: (Bucket | undefined)[]): Bucket {
  const month = monthOf(tile);
  const shared = beside.some((bucket) => bucket && overlap(bucket, month));
  return { ...alone(shared ? dayAlone(tile) : month), tiles: [tile], stale: false };
}

function monthOf(tile: Tile): TimelineBucket {
  const key = tile.local.slice(0, 7);
  const [year, month] = key.split('-').map(Number) as [number, number];
  return { key, from: `${key}-01`, to: dayOfTime(Date.UTC(year, month, 1)), count: 1 };
}

function dayAlone(tile: Tile): TimelineBucket {
  const key = dayOfTile(tile);
  return { key, from: key, to: dayOfTime(Date.parse(key) + DAY_MS), count: 1 };
}

const dayOfTime = (time: number): string => new Date(time).toISOString().slice(0, 10);
