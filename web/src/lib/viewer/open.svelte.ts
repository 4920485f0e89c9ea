// The asset in the viewer and its neighbours in the grid it was opened from.

import { untrack } from 'svelte';
import { getAsset } from '../api/assets';
import type { Asset } from '../api/types';
import { libraries } from '../library/libraries.svelte';
import type { Library } from '../library/library.svelte';

/** So near the end of what is loaded the next page is fetched. */
const NEAR_END = 10;

export class OpenAsset {
  readonly #id: () => string;
  readonly #library: () => Library;
  #fetched = $state.raw<Asset | null>(null);
  failure = $state.raw<unknown>(null);

  readonly asset: Asset | null = $derived.by(() => {
    const id = this.#id();
    return this.#library().get(id) ?? (this.#fetched?.id === id ? this.#fetched : null);
  });
  readonly #at = $derived.by(() => this.#library().indexes.get(this.#id()));
  readonly previous: Asset | null = $derived.by(() => this.#beside(-1));
  readonly next: Asset | null = $derived.by(() => this.#beside(1));

  /** Call while a component is set up: it follows what the two functions tell. */
  constructor(id: () => string, library: () => Library) {
    this.#id = id;
    this.#library = library;
    $effect(() => libraries.watch((fresh) => this.#hear(fresh)));
    $effect(() => {
      const [wanted, grid] = [id(), library()];
      void untrack(() => this.#load(wanted, grid));
    });
    $effect(() => this.#prepare());
  }

  #beside(way: 1 | -1): Asset | null {
    return this.#at === undefined ? null : (this.#library().assets[this.#at + way] ?? null);
  }

  #hear(fresh: Asset): void {
    if (fresh.id === this.#id()) this.#fetched = fresh;
  }

  async #load(wanted: string, grid: Library): Promise<void> {
    this.failure = null;
    try {
      const fresh = await getAsset(wanted);
      this.#fetched = fresh;
      libraries.upsert([fresh]);
    } catch (error) {
      if (wanted === this.#id()) this.failure = error;
    }
    // An address opened directly: load its grid far enough to know the neighbours.
    await grid.loadUntil(() => grid.indexes.has(wanted));
  }

  /** The neighbours are decoded before they are asked for, and the grid is loaded on before it ends. */
  #prepare(): void {
    for (const neighbour of [this.next, this.previous]) {
      const url = neighbour?.renditions['preview']?.url;
      if (!url) continue;
      const image = new Image();
      image.src = url;
      // One that cannot be decoded shows its own reason when it is opened.
      void image.decode().catch(() => undefined);
    }
    const grid = this.#library();
    if (this.#at !== undefined && this.#at > grid.assets.length - NEAR_END) void untrack(() => grid.loadMore());
  }
}
