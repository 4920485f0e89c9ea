// Fetches the stretches a grid has in view and those beside them: neighbours in one request, a few at
// a time, and none that the view has moved away from.

import { timelineAssets, type GridQuery } from '../api/timeline';
import { fill, type Bucket, type Buckets } from './buckets';
import type { Tile } from './tile';

const LANES = 3;
/** Neighbouring stretches are asked for together up to so many tiles. */
const TOGETHER = 1_000;

export interface Shelf {
  buckets: () => Buckets;
  put: (change: (buckets: Buckets) => Buckets) => void;
  fail: (error: unknown) => void;
}

interface Request {
  keys: ReadonlySet<string>;
  abort: AbortController;
}

export class Loader {
  readonly #query: GridQuery;
  readonly #shelf: Shelf;
  readonly #running = new Set<Request>();
  #wanted: readonly string[] = [];
  /** Resolved whenever a request has ended, however. */
  #waiting: (() => void)[] = [];
  #halted = false;

  constructor(query: GridQuery, shelf: Shelf) {
    this.#query = query;
    this.#shelf = shelf;
  }

  /** The stretches worth having now, most urgent first. What else is under way is given up. */
  want(keys: readonly string[]): void {
    this.#wanted = keys;
    const wanted = new Set(keys);
    for (const request of this.#running) {
      if (![...request.keys].some((key) => wanted.has(key))) request.abort.abort();
    }
    this.#pump();
  }

  /** Resolves when all of `keys` are here; false when one could not be fetched. */
  async have(keys: readonly string[]): Promise<boolean> {
    this.#halted = false;
    const missing = (): string[] => keys.filter((key) => this.#find(key) !== undefined);
    while (missing().length > 0 && !this.#halted) {
      this.want([...new Set([...missing(), ...this.#wanted])]);
      await new Promise<void>((done) => this.#waiting.push(done));
    }
    return missing().length === 0;
  }

  /** After a failure nothing more is asked for until a person, or the connection, says so. */
  retry(): void {
    this.#halted = false;
    this.#pump();
  }

  stop(): void {
    this.#wanted = [];
    for (const request of this.#running) request.abort.abort();
  }

  /** The bucket when it is there and not yet loaded. */
  #find(key: string): Bucket | undefined {
    return this.#shelf.buckets().find((bucket) => bucket.key === key && (bucket.tiles === null || bucket.stale));
  }

  #pump(): void {
    while (!this.#halted && this.#running.size < LANES) {
      const stretch = this.#next();
      if (stretch.length === 0) return;
      void this.#fetch(stretch);
    }
  }

  /** The most urgent missing stretch with the missing ones beside it. */
  #next(): Bucket[] {
    const busy = new Set([...this.#running].flatMap((request) => [...request.keys]));
    const wanted = new Set(this.#wanted);
    const buckets = this.#shelf.buckets();
    const missing = (bucket: Bucket | undefined): bucket is Bucket =>
      bucket !== undefined && (bucket.tiles === null || bucket.stale) && wanted.has(bucket.key) && !busy.has(bucket.key);
    const first = this.#wanted.map((key) => buckets.findIndex((one) => one.key === key)).find((at) => missing(buckets[at]));
    if (first === undefined) return [];
    let [start, end] = [first, first + 1];
    let sum = buckets[first]?.count ?? 0;
    const fits = (bucket: Bucket | undefined): bucket is Bucket => missing(bucket) && sum + bucket.count <= TOGETHER;
    for (let next = buckets[end]; fits(next); next = buckets[end]) {
      sum += next.count;
      end += 1;
    }
    for (let next = buckets[start - 1]; fits(next); next = buckets[start - 1]) {
      sum += next.count;
      start -= 1;
    }
    return buckets.slice(start, end);
  }

  async #fetch(stretch: readonly Bucket[]): Promise<void> {
    const request: Request = { keys: new Set(stretch.map((bucket) => bucket.key)), abort: new AbortController() };
    this.#running.add(request);
    try {
      const tiles = await this.#read(stretch, request.abort.signal);
      this.#shelf.put((buckets) => fill(buckets, request.keys, tiles));
    } catch (error) {
      if (!request.abort.signal.aborted) {
        this.#halted = true;
        this.#shelf.fail(error);
      }
    } finally {
      this.#running.delete(request);
      for (const done of this.#waiting.splice(0)) done();
      this.#pump();
    }
  }

  async #read(stretch: readonly Bucket[], signal: AbortSignal): Promise<Tile[]> {
    const [newest, oldest] = [stretch[0], stretch.at(-1)];
    if (!newest || !oldest) return [];
    const tiles: Tile[] = [];
    let cursor: string | null = null;
    do {
      const page = await timelineAssets({ ...this.#query, from: oldest.from, to: newest.to, cursor }, signal);
      tiles.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return tiles;
  }
}
