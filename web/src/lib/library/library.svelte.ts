// One grid's assets: loaded page by page, kept sorted, kept current.

import { listAssets, type AssetQuery } from '../api/assets';
import type { Asset } from '../api/types';
import type { Scope } from '../router/routes';
import { dayOf, newestFirst } from './day';
import { clampAspect, type Sized } from './timeline';

const PAGE = 200;
/** When a remembered scroll position is restored, at most this many pages are fetched for it. */
const RESTORE_PAGES = 50;

export class Library {
  readonly scope: Scope;
  assets = $state.raw<Asset[]>([]);
  phase = $state<'idle' | 'loading' | 'ready' | 'failed'>('idle');
  error = $state.raw<unknown>(null);
  /** The last page has been loaded. */
  ended = $state(false);
  /** Where the reader was; written by the grid, read when it comes back. */
  scrollTop = 0;

  readonly items: Sized[] = $derived(this.assets.map(sized));
  readonly indexes = $derived(new Map(this.assets.map((asset, index) => [asset.id, index])));

  #cursor: string | null = null;
  #generation = 0;

  constructor(scope: Scope) {
    this.scope = scope;
  }

  get(id: string): Asset | undefined {
    const index = this.indexes.get(id);
    return index === undefined ? undefined : this.assets[index];
  }

  async loadMore(): Promise<void> {
    if (this.phase === 'loading' || this.ended) return;
    await this.#load(this.#cursor, 1);
  }

  /** Loads until `count` assets are here, for a scroll position or an open asset far down. */
  async loadUntil(enough: () => boolean): Promise<void> {
    for (let page = 0; page < RESTORE_PAGES && !this.ended && !enough(); page += 1) {
      await this.loadMore();
      if (this.phase === 'failed') return;
    }
  }

  /** Starts over. What is shown stays until as much is here anew, so the place is kept. */
  async reload(): Promise<void> {
    this.#generation += 1;
    await this.#load(null, Math.max(1, this.assets.length));
  }

  /** Takes in fresh versions: replaces, adds, or removes what no longer belongs here. */
  upsert(fresh: readonly Asset[]): void {
    if (this.phase === 'idle') return;
    const known = this.indexes;
    const next = new Map(this.assets.map((asset) => [asset.id, asset]));
    for (const asset of fresh) {
      if (!this.#belongs(asset)) next.delete(asset.id);
      else if (known.has(asset.id) || this.#reaches(asset)) next.set(asset.id, asset);
    }
    this.assets = [...next.values()].sort(newestFirst);
  }

  remove(ids: ReadonlySet<string>): void {
    if (this.assets.some((asset) => ids.has(asset.id))) {
      this.assets = this.assets.filter((asset) => !ids.has(asset.id));
    }
  }

  /** Fetches from `cursor` (null: anew) until `enough` more are here, and shows them at once. */
  async #load(cursor: string | null, enough: number): Promise<void> {
    const generation = this.#generation;
    this.phase = 'loading';
    try {
      const fresh: Asset[] = [];
      let next: string | null = cursor;
      do {
        const page = await listAssets({ ...queryOf(this.scope), limit: PAGE, cursor: next });
        if (generation !== this.#generation) return;
        fresh.push(...page.items);
        next = page.next_cursor;
      } while (next !== null && fresh.length < enough);
      const kept = cursor === null ? [] : this.assets;
      const merged = new Map([...kept, ...fresh].map((asset) => [asset.id, asset]));
      this.assets = [...merged.values()].sort(newestFirst);
      this.#cursor = next;
      this.ended = next === null;
      this.error = null;
      this.phase = 'ready';
    } catch (error) {
      if (generation !== this.#generation) return;
      this.error = error;
      this.phase = 'failed';
    }
  }

  /** Whether the loaded part reaches down to where the asset goes; else a later page brings it. */
  #reaches(asset: Asset): boolean {
    const last = this.assets.at(-1);
    return this.ended || last === undefined || newestFirst(asset, last) < 0;
  }

  #belongs(asset: Asset): boolean {
    switch (this.scope.view) {
      case 'photos':
        return asset.trashed_at === null && !asset.archived;
      case 'archive':
        return asset.trashed_at === null && asset.archived;
      case 'favourites':
        return asset.trashed_at === null && asset.favourite;
      case 'trash':
        return asset.trashed_at !== null;
      case 'collection':
      case 'search': {
        // Only the server knows what matches; what was found stays while its trash state does.
        const known = this.get(asset.id);
        return known !== undefined && (known.trashed_at === null) === (asset.trashed_at === null);
      }
    }
  }
}

function queryOf(scope: Scope): AssetQuery {
  switch (scope.view) {
    case 'photos':
      return {};
    case 'favourites':
      return { q: 'is:favourite' };
    case 'archive':
      return { q: 'is:archived' };
    case 'trash':
      return { trashed: true };
    case 'collection':
      return { collection: scope.id };
    case 'search':
      return { q: scope.q };
  }
}

function sized(asset: Asset): Sized {
  return {
    id: asset.id,
    aspect: hasPicture(asset) ? clampAspect(asset.width, asset.height) : 1,
    day: dayOf(asset),
  };
}

/** A picture is there, or on its way with its shape already known. */
function hasPicture(asset: Asset): boolean {
  return asset.renditions['thumb'] !== undefined || (asset.kind === 'image' && asset.status !== 'failed');
}
