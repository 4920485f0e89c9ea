// Which assets of the present grid are selected, with their tiles: they may be out of the grid's
// memory when a verb is chosen.

import { SvelteMap } from 'svelte/reactivity';
import type { Tile } from './tile';

class Selection {
  readonly #tiles = new SvelteMap<string, Tile>();
  /** Where a range starts. */
  anchor = $state<string | null>(null);

  get active(): boolean {
    return this.#tiles.size > 0;
  }

  get size(): number {
    return this.#tiles.size;
  }

  get tiles(): Tile[] {
    return [...this.#tiles.values()];
  }

  get ids(): string[] {
    return [...this.#tiles.keys()];
  }

  has(id: string): boolean {
    return this.#tiles.has(id);
  }

  toggle(tile: Tile): void {
    if (!this.#tiles.delete(tile.id)) this.#tiles.set(tile.id, tile);
    this.anchor = tile.id;
  }

  add(tiles: readonly Tile[]): void {
    for (const tile of tiles) this.#tiles.set(tile.id, tile);
  }

  drop(ids: readonly string[]): void {
    for (const id of ids) this.#tiles.delete(id);
  }

  /** All in when one is missing, else all out. */
  toggleAll(tiles: readonly Tile[]): void {
    const whole = tiles.every((tile) => this.has(tile.id));
    if (whole) this.drop(tiles.map((tile) => tile.id));
    else this.add(tiles);
    this.anchor = tiles[0]?.id ?? null;
  }

  /** Takes newer versions of what is selected. */
  update(fresh: readonly Tile[]): void {
    for (const tile of fresh) if (this.#tiles.has(tile.id)) this.#tiles.set(tile.id, tile);
  }

  clear(): void {
    this.#tiles.clear();
    this.anchor = null;
  }
}

export const selection = new Selection();
