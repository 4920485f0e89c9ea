// All grids of this page, kept while it is open, and kept current by the event stream.

import { getAsset, listAssets } from '../api/assets';
import { ApiError } from '../api/client';
import type { Asset } from '../api/types';
import { live, type LiveEvent } from '../live.svelte';
import { eachLimited } from '../pool';
import { scopeKey, type Scope } from '../router/routes';
import { Library } from './library.svelte';

const KEPT = 6;
/** Events of this long are answered with one round of requests. */
const GATHER_MS = 200;
/** From so many changed assets on, the newest are fetched as one page first. */
const MANY = 12;
const LANES = 4;
/** Only the server knows what is in these: it is asked again once changes have calmed down. */
const ASKED_AGAIN: ReadonlySet<string> = new Set(['search', 'collection']);
const SEARCH_MS = 1_500;
/** After a failed round, so long until the next. */
const RETRY_MS = 3_000;

type AssetListener = (asset: Asset) => void;

class Libraries {
  #open = new Map<string, Library>();
  #pending = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #searchTimer: ReturnType<typeof setTimeout> | undefined;
  #busy = false;
  #listeners = new Set<AssetListener>();

  of(scope: Scope): Library {
    const key = scopeKey(scope);
    const found = this.#open.get(key) ?? new Library(scope);
    this.#open.delete(key);
    this.#open.set(key, found);
    for (const old of this.#open.keys()) {
      if (this.#open.size <= KEPT) break;
      this.#open.delete(old);
    }
    return found;
  }

  start(): () => void {
    const stop = live.subscribe((event) => this.#hear(event));
    return () => {
      stop();
      clearTimeout(this.#timer);
      clearTimeout(this.#searchTimer);
      this.#timer = undefined;
      // Whoever signs in next sees nothing of what this person saw.
      this.#open.clear();
      this.#pending.clear();
    };
  }

  /** Fresh versions reach every grid and whoever watches single assets. */
  upsert(assets: readonly Asset[]): void {
    for (const library of this.#open.values()) library.upsert(assets);
    for (const asset of assets) for (const listener of this.#listeners) listener(asset);
  }

  remove(ids: readonly string[]): void {
    const gone = new Set(ids);
    for (const library of this.#open.values()) library.remove(gone);
  }

  find(id: string): Asset | undefined {
    for (const library of this.#open.values()) {
      const asset = library.get(id);
      if (asset) return asset;
    }
    return undefined;
  }

  watch(listener: AssetListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Loads this grid anew if it is open: the server put other assets into it. */
  again(scope: Scope): void {
    const library = this.#open.get(scopeKey(scope));
    if (library && library.phase !== 'idle') void library.reload();
  }

  /** Asks the server for the asset's present state soon. */
  refresh(id: string): void {
    this.#pending.add(id);
    this.#schedule();
  }

  #hear(event: LiveEvent): void {
    if (event.type === 'reset') {
      for (const library of this.#open.values()) if (library.phase !== 'idle') void library.reload();
    } else if (event.type === 'asset.deleted') {
      this.#pending.delete(event.assetId);
      this.remove([event.assetId]);
    } else if (event.assetId !== '' || event.collectionId !== '') {
      if (event.assetId !== '') this.refresh(event.assetId);
      clearTimeout(this.#searchTimer);
      this.#searchTimer = setTimeout(() => this.#searchAgain(), SEARCH_MS);
    }
  }

  #searchAgain(): void {
    for (const library of this.#open.values()) {
      if (ASKED_AGAIN.has(library.scope.view) && library.phase === 'ready') void library.reload();
    }
  }

  #schedule(wait = GATHER_MS): void {
    if (this.#busy || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => void this.#flush(), wait);
  }

  async #flush(): Promise<void> {
    this.#timer = undefined;
    this.#busy = true;
    const ids = new Set(this.#pending);
    this.#pending.clear();
    if (ids.size >= MANY) await this.#fetchNewest(ids);
    const whole = await this.#fetchEach([...ids]);
    this.#busy = false;
    if (this.#pending.size > 0) this.#schedule(whole ? GATHER_MS : RETRY_MS);
  }

  /** Takes the ids it could bring out of `ids`. */
  async #fetchNewest(ids: Set<string>): Promise<void> {
    try {
      const page = await listAssets({ sort: 'created', limit: 200 });
      const found = page.items.filter((asset) => ids.delete(asset.id));
      this.upsert(found);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Unreachable just now: the single requests below fail the same way and are asked again.
    }
  }

  /** Whether every one was answered; the others are asked for again. */
  async #fetchEach(ids: readonly string[]): Promise<boolean> {
    const fresh: Asset[] = [];
    const failed = await eachLimited(ids, LANES, async (id) => {
      fresh.push(await getAsset(id));
    });
    this.upsert(fresh);
    let whole = true;
    for (const { item, error } of failed) {
      if (error instanceof ApiError && error.code === 'not_found') {
        this.remove([item]);
      } else if (error instanceof ApiError && isPassing(error)) {
        this.#pending.add(item);
        whole = false;
      }
    }
    return whole;
  }
}

/** No connection, too busy, or broken on the server's side: worth asking again. */
function isPassing(error: ApiError): boolean {
  return error.status === 0 || error.status === 429 || error.status >= 500;
}

export const libraries = new Libraries();
