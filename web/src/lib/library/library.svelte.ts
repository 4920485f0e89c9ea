// One grid's assets: how many there are in each stretch of time, the tiles of those stretches that
// somebody looks at, and both kept current.

import { timeline, type GridQuery } from '../api/timeline';
import type { Scope } from '../router/routes';
import { session } from '../session.svelte';
import { indexOfDay, insert, renew, without, type Bucket, type Buckets } from './buckets';
import { gather, TOGETHER } from './gather';
import { Loader } from './loader';
import type { Tile } from './tile';

/** So many tiles are kept; what is furthest from the view goes first. */
const KEPT = 20_000;
/** A selection or range holds at most this many. */
export const MOST_SELECTED = 10_000;
const ASKS_FOR_LOCKED = /\bis:locked\b/;
const RECOUNT_MS = 800;

export class Library {
  readonly scope: Scope;
  buckets = $state.raw<Buckets>([]);
  phase = $state<'idle' | 'loading' | 'ready' | 'failed'>('idle');
  error = $state.raw<unknown>(null);
  /** A stretch in view could not be fetched. */
  stuck = $state.raw<unknown>(null);
  /** Where the reader was; written by the grid, read when it comes back. */
  place: Place | null = null;

  readonly total = $derived(this.buckets.reduce((sum, bucket) => sum + bucket.count, 0));

  readonly #query: GridQuery;
  readonly #loader: Loader;
  /** In which bucket each loaded tile is. */
  #where = new Map<string, string>();
  #generation = 0;
  /** The counts are being asked for. */
  #asking = false;
  #recounting: ReturnType<typeof setTimeout> | undefined;
  /** The buckets somebody looks at. */
  #wanted: readonly string[] = [];

  readonly #together: number;

  /** Months and days are put together up to so many assets. */
  constructor(scope: Scope, together = TOGETHER) {
    this.scope = scope;
    this.#together = together;
    this.#query = queryOf(scope);
    this.#loader = new Loader(this.#query, {
      buckets: () => this.buckets,
      put: (change) => this.#put(change(this.buckets)),
      fail: (error) => (this.stuck = error),
    });
  }

  /** Asks for the counts. What is shown stays as far as it still adds up. */
  async load(): Promise<void> {
    const generation = (this.#generation += 1);
    this.#asking = true;
    if (this.phase !== 'ready') this.phase = 'loading';
    try {
      const { buckets } = await timeline(this.#query);
      if (generation !== this.#generation) return;
      this.#set(renew(this.buckets, gather(buckets, this.#together)));
      this.error = null;
      this.phase = 'ready';
      this.#loader.want(this.#wanted);
    } catch (error) {
      if (generation !== this.#generation) return;
      this.error = error;
      // Counts that could not be renewed are no reason to take away what is shown.
      if (this.phase === 'loading') this.phase = 'failed';
    } finally {
      if (generation === this.#generation) this.#asking = false;
    }
  }

  /** Everything shown may be old: asked for again, seen until the answer is here. */
  async reload(): Promise<void> {
    this.buckets = this.buckets.map((bucket) => (bucket.tiles === null ? bucket : { ...bucket, stale: true }));
    await this.load();
  }

  /** The stretches in view and beside it, most urgent first. */
  want(keys: readonly string[]): void {
    this.#wanted = keys;
    this.#loader.want(keys);
  }

  retry(): void {
    this.stuck = null;
    this.#loader.retry();
  }

  get(id: string): Tile | undefined {
    const { buckets } = this;
    const key = this.#where.get(id);
    return key === undefined ? undefined : buckets.find((one) => one.key === key)?.tiles?.find((tile) => tile.id === id);
  }

  has(id: string): boolean {
    return this.get(id) !== undefined;
  }

  /** Index of the loaded bucket that has the tile, else -1. */
  bucketOf(id: string): number {
    const key = this.#where.get(id);
    return key === undefined ? -1 : this.buckets.findIndex((bucket) => bucket.key === key);
  }

  /** The tile before (-1) or after (1) another, as far as it is loaded. */
  beside(id: string, way: 1 | -1): Tile | null {
    const at = this.bucketOf(id);
    const tiles = this.buckets[at]?.tiles;
    if (!tiles) return null;
    const next = tiles[tiles.findIndex((tile) => tile.id === id) + way];
    if (next) return next;
    const neighbour = this.buckets[at + way]?.tiles;
    return (way === 1 ? neighbour?.[0] : neighbour?.at(-1)) ?? null;
  }

  /** Makes sure that the bucket's tiles are here. */
  async ensure(at: number): Promise<Bucket | null> {
    const key = this.buckets[at]?.key;
    if (key === undefined) return null;
    if (this.buckets[at]?.tiles === null) await this.#loader.have([key]);
    return this.buckets.find((bucket) => bucket.key === key) ?? null;
  }

  /** Makes sure that what is filed under `day`, and what is beside it, is here. */
  async reach(day: string): Promise<void> {
    if (this.phase === 'idle') await this.load();
    const at = indexOfDay(this.buckets, day);
    const near = [at, at - 1, at + 1].flatMap((index) => this.buckets[index]?.key ?? []);
    await this.#loader.have(near.filter((key) => this.buckets.find((one) => one.key === key)?.tiles === null));
  }

  /** All tiles between two, both ends included, loading what lies between; the first of them if too many. */
  async range(from: string, to: string): Promise<Tile[]> {
    const [a, b] = [this.bucketOf(from), this.bucketOf(to)].sort((left, right) => left - right) as [number, number];
    if (a < 0) return [];
    const tiles = await this.#collect(this.buckets.slice(a, b + 1).map((bucket) => bucket.key));
    const ends = [from, to].map((id) => tiles.findIndex((tile) => tile.id === id)).sort((left, right) => left - right);
    return tiles.slice(ends[0], (ends[1] ?? 0) + 1);
  }

  /** All tiles, at most `MOST_SELECTED` of them. */
  async all(): Promise<Tile[]> {
    return this.#collect(this.buckets.map((bucket) => bucket.key));
  }

  /** Takes in fresh tiles: replaces, adds, or removes what no longer belongs here. */
  upsert(fresh: readonly Tile[]): void {
    if (this.phase === 'idle') return;
    const coming = fresh.filter((tile) => this.#belongs(tile));
    const leaving = new Set(fresh.map((tile) => tile.id));
    // What is filed under another day now must not stay under the old one.
    const { buckets, unsure } = insert(this.#without(leaving), coming);
    this.#set(buckets);
    // An answer that is on its way may be older than this change.
    if (unsure || this.#asking) this.#recount();
  }

  remove(ids: ReadonlySet<string>): void {
    this.#set(this.#without(ids));
    if (this.#asking) this.#recount();
  }

  /** The server changed many: the stretches they are in, and the counts, are asked for again. */
  doubt(ids: readonly string[]): void {
    if (this.phase === 'idle') return;
    const keys = new Set(ids.flatMap((id) => this.#where.get(id) ?? []));
    this.buckets = this.buckets.map((bucket) => (keys.has(bucket.key) ? { ...bucket, stale: true } : bucket));
    void this.load();
  }

  close(): void {
    this.#generation += 1;
    this.#loader.stop();
    clearTimeout(this.#recounting);
    this.#recounting = undefined;
  }

  /** Asks for the counts once what happens now has calmed down a little. */
  #recount(): void {
    this.#recounting ??= setTimeout(() => {
      this.#recounting = undefined;
      void this.load();
    }, RECOUNT_MS);
  }

  /** A bucket that its last tile left stays until the tile, perhaps changed, is back in. */
  #without(ids: ReadonlySet<string>): Buckets {
    return [...ids].some((id) => this.#where.has(id)) ? without(this.buckets, ids) : this.buckets;
  }

  async #collect(keys: readonly string[]): Promise<Tile[]> {
    const wanted: string[] = [];
    let sum = 0;
    for (const key of keys) {
      if (sum >= MOST_SELECTED) break;
      sum += this.buckets.find((bucket) => bucket.key === key)?.count ?? 0;
      wanted.push(key);
    }
    await this.#loader.have(wanted);
    const taken = new Set(wanted);
    return this.buckets.filter((bucket) => taken.has(bucket.key)).flatMap((bucket) => bucket.tiles ?? []).slice(0, MOST_SELECTED);
  }

  #put(buckets: Buckets): void {
    this.stuck = null;
    this.#set(this.#trim(buckets));
  }

  #set(buckets: Buckets): void {
    if (buckets === this.buckets) return;
    const before = new Map(this.buckets.map((bucket) => [bucket.key, bucket.tiles]));
    for (const { key, tiles } of buckets) {
      if (before.get(key) !== tiles) for (const tile of tiles ?? []) this.#where.set(tile.id, key);
    }
    this.buckets = buckets;
    this.#forget(before);
  }

  /** Ids whose tiles went with a bucket, or to nowhere, are not found any more. */
  #forget(before: ReadonlyMap<string, readonly Tile[] | null>): void {
    const now = new Map(this.buckets.map((bucket) => [bucket.key, bucket]));
    for (const [key, tiles] of before) {
      const after = now.get(key)?.tiles;
      if (after === tiles) continue;
      const kept = new Set(after?.map((tile) => tile.id));
      for (const tile of tiles ?? []) if (this.#where.get(tile.id) === key && !kept.has(tile.id)) this.#where.delete(tile.id);
    }
  }

  /** Lets go of the stretches furthest from the view once too many tiles are here. */
  #trim(buckets: Buckets): Buckets {
    let sum = buckets.reduce((tiles, bucket) => tiles + (bucket.tiles?.length ?? 0), 0);
    if (sum <= KEPT) return buckets;
    const wanted = new Set(this.#wanted);
    const middle = buckets.findIndex((bucket) => wanted.has(bucket.key));
    const far = buckets
      .map((bucket, at) => ({ bucket, apart: Math.abs(at - middle) }))
      .filter(({ bucket }) => bucket.tiles !== null && !wanted.has(bucket.key))
      .sort((a, b) => b.apart - a.apart);
    const dropped = new Set<string>();
    for (const { bucket } of far) {
      if (sum <= KEPT) break;
      sum -= bucket.tiles?.length ?? 0;
      dropped.add(bucket.key);
    }
    return buckets.map((bucket) => (dropped.has(bucket.key) ? { ...bucket, tiles: null, stale: false } : bucket));
  }

  #belongs(tile: Tile): boolean {
    const trashed = tile.trashed_at !== null;
    const mine = tile.owner_id === (session.user?.id ?? tile.owner_id);
    // What is locked away shows behind its own door only.
    const open = mine && !trashed && tile.locked !== true;
    switch (this.scope.view) {
      case 'photos':
        return open && tile.archived !== true;
      case 'favourites':
        return open && tile.archived !== true && tile.favourite;
      case 'archive':
        return open && (tile.archived ?? this.has(tile.id));
      case 'locked':
        return mine && !trashed && (tile.locked ?? this.has(tile.id));
      case 'trash':
        return mine && trashed;
      case 'collection':
      case 'search': {
        // Only the server knows what matches; what was found stays while its trash state does.
        const known = this.get(tile.id);
        if (tile.locked === true && !ASKS_FOR_LOCKED.test(this.scope.q)) return false;
        return known !== undefined && (known.trashed_at === null) === (tile.trashed_at === null);
      }
    }
  }
}

/** A place in a grid that holds when things are added or removed elsewhere. */
export interface Place {
  /** The day at the upper edge of the view. */
  day: string;
  /** The asset there, when its tile is loaded. */
  id: string | null;
  /** Pixels from the view's upper edge down to the asset's (or the stretch's) upper edge. */
  y: number;
}

export function queryOf(scope: Scope): GridQuery {
  switch (scope.view) {
    case 'photos':
      return {};
    case 'favourites':
      return { q: 'is:favourite' };
    case 'archive':
      return { q: 'is:archived' };
    case 'locked':
      return { q: 'is:locked' };
    case 'trash':
      return { q: 'is:trashed' };
    case 'collection':
      return { collection: scope.id };
    case 'search':
      return { q: scope.q };
  }
}
