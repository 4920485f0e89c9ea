// The asset in the viewer and its neighbours in the grid it was opened from.

import { untrack } from 'svelte';
import type { Asset } from '../api/types';
import { dayOf } from '../library/day';
import { libraries } from '../library/libraries.svelte';
import type { Library } from '../library/library.svelte';
import type { Tile } from '../library/tile';

export class OpenAsset {
  readonly #id: () => string;
  readonly #library: () => Library;
  #fetched = $state.raw<Asset | null>(null);
  failure = $state.raw<unknown>(null);

  readonly tile: Tile | null = $derived.by(() => this.#library().get(this.#id()) ?? null);
  readonly asset: Asset | null = $derived.by(() => {
    const id = this.#id();
    return this.#fetched?.id === id ? this.#fetched : (libraries.known(id) ?? null);
  });
  readonly previous: Tile | null = $derived.by(() => this.#library().beside(this.#id(), -1));
  readonly next: Tile | null = $derived.by(() => this.#library().beside(this.#id(), 1));

  /** Call while a component is set up: it follows what the two functions tell. */
  constructor(id: () => string, library: () => Library) {
    this.#id = id;
    this.#library = library;
    $effect(() => libraries.watch((fresh) => this.#hear(fresh), (one) => one === id()));
    $effect(() => {
      const [wanted, grid] = [id(), library()];
      void untrack(() => this.#load(wanted, grid));
    });
    $effect(() => {
      for (const neighbour of [this.next, this.previous]) if (neighbour) void prepare(neighbour.id);
    });
  }

  #hear(fresh: Asset): void {
    if (fresh.id === this.#id()) this.#fetched = fresh;
  }

  async #load(wanted: string, grid: Library): Promise<void> {
    this.failure = null;
    try {
      const fresh = await libraries.read(wanted);
      this.#fetched = fresh;
      // An address opened directly: its stretch of the grid tells the neighbours. So do those beside it.
      await grid.reach(dayOf(fresh));
    } catch (error) {
      if (wanted === this.#id()) this.failure = error;
    }
  }
}

/** A neighbour is read, and its picture decoded, before it is asked for. */
async function prepare(id: string): Promise<void> {
  try {
    const asset = libraries.known(id) ?? (await libraries.read(id));
    const url = asset.renditions['preview']?.url;
    if (!url) return;
    const image = new Image();
    image.src = url;
    await image.decode();
  } catch {
    // One that cannot be read or decoded shows its own reason when it is opened.
  }
}
