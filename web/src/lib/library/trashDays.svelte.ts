// How long the trash keeps things, as told by one of them: tiles only say since when they are there.

import { libraries } from './libraries.svelte';
import type { Tile } from './tile';

const DAY_MS = 86_400_000;

class TrashDays {
  #kept = $state<number | null>(null);
  #asked = false;

  /** Days until the tile is deleted for good; null while, or where, nobody says. */
  left(tile: Tile): number | null {
    if (this.#kept === null || tile.trashed_at === null) return null;
    return Math.max(0, this.#kept - daysSince(tile.trashed_at));
  }

  async need(tile: Tile): Promise<void> {
    if (this.#asked) return;
    this.#asked = true;
    try {
      const { days_left: left = null, trashed_at: since } = await libraries.read(tile.id);
      this.#kept = left === null || since === null ? null : left + daysSince(since);
    } catch {
      // Only a note on each tile depends on it: the next one asks again.
      this.#asked = false;
    }
  }
}

const daysSince = (time: string): number => Math.floor((Date.now() - Date.parse(time)) / DAY_MS);

export const trashDays = new TrashDays();
