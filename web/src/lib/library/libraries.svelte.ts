// All grids of this page, kept while it is open, and kept current by the event stream.

import { getAsset, listAssets } from '../api/assets';
import { ApiError } from '../api/client';
import type { Asset } from '../api/types';
import { live, type LiveEvent } from '../live.svelte';
import { eachLimited } from '../pool';
import { scopeKey, type Scope } from '../router/routes';
import { Library } from './library.svelte';
import { selection } from './selection.svelte';
import { tileOf, type Tile } from './tile';

const KEPT = 6;
/** Whole assets kept, for the viewer's neighbours. */
const KEPT_ASSETS = 200;
/** Events of this long are answered with one round of requests. */
const GATHER_MS = 200;
/** From so many changed assets on, stretches of the grids are asked for again instead of each asset. */
const MANY = 12;
const LANES = 4;
/** Only the server knows what is in these: it is asked again once changes have calmed down. */
const ASKED_AGAIN: ReadonlySet<string> = new Set(['search', 'collection']);
const SEARCH_MS = 1_500;
/** After a failed round, so long until the next. */
const RETRY_MS = 3_000;

type AssetListener = (asset: Asset) => void;

interface Watcher {
  listener: AssetListener;
  /** These are read whole whenever they change, however many others do. */
  needs: (id: string) => boolean;
}

class Libraries {
  #open = new Map<string, Library>();
  #assets = new Map<string, Asset>();
  #pending = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #searchTimer: ReturnType<typeof setTimeout> | undefined;
  #busy = false;
  #watchers = new Set<Watcher>();

  of(scope: Scope): Library {
    const key = scopeKey(scope);
    const found = this.#open.get(key) ?? new Library(scope);
    this.#open.delete(key);
    this.#open.set(key, found);
    for (const [old, library] of this.#open) {
      if (this.#open.size <= KEPT) break;
      library.close();
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
      for (const library of this.#open.values()) library.close();
      this.#open.clear();
      this.#assets.clear();
      this.#pending.clear();
    };
  }

  /** Fresh versions reach every grid and whoever watches single assets. */
  upsert(assets: readonly Asset[]): void {
    for (const asset of assets) this.#keep(asset);
    this.show(assets.map(tileOf));
    for (const asset of assets) for (const { listener } of this.#watchers) listener(asset);
  }

  /** Shows tiles as they are, or soon will be. */
  show(tiles: readonly Tile[]): void {
    for (const library of this.#open.values()) library.upsert(tiles);
    selection.update(tiles);
  }

  remove(ids: readonly string[]): void {
    const gone = new Set(ids);
    for (const id of ids) this.#assets.delete(id);
    for (const library of this.#open.values()) library.remove(gone);
    selection.drop(ids);
  }

  /** The whole asset as it was last read, if it was. */
  known(id: string): Asset | undefined {
    return this.#assets.get(id);
  }

  /** Reads the whole asset. */
  async read(id: string): Promise<Asset> {
    const asset = await getAsset(id);
    this.upsert([asset]);
    return asset;
  }

  watch(listener: AssetListener, needs: (id: string) => boolean = () => false): () => void {
    const watcher = { listener, needs };
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
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

  #keep(asset: Asset): void {
    this.#assets.delete(asset.id);
    this.#assets.set(asset.id, asset);
    for (const oldest of this.#assets.keys()) {
      if (this.#assets.size <= KEPT_ASSETS) break;
      this.#assets.delete(oldest);
    }
  }

  #hear(event: LiveEvent): void {
    if (event.type === 'reset') {
      this.#assets.clear();
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
    if (ids.size >= MANY) await this.#takeMany(ids);
    const whole = await this.#fetchEach([...ids]);
    this.#busy = false;
    if (this.#pending.size > 0) this.#schedule(whole ? GATHER_MS : RETRY_MS);
  }

  /** Leaves in `ids` only what must be read one by one. */
  async #takeMany(ids: Set<string>): Promise<void> {
    try {
      const page = await listAssets({ sort: 'created', limit: 200 });
      const found = page.items.filter((asset) => ids.delete(asset.id));
      this.upsert(found);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Unreachable just now: what follows fails the same way and is asked again.
    }
    if (ids.size < MANY) return;
    const needed = [...this.#watchers].map((watcher) => watcher.needs);
    const left = [...ids].filter((id) => !needed.some((needs) => needs(id)));
    for (const id of left) {
      ids.delete(id);
      this.#assets.delete(id);
    }
    for (const library of this.#open.values()) library.doubt(left);
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
