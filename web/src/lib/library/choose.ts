// How a person's clicks, keys and drags become a selection.

import { i18n } from '../i18n/i18n.svelte';
import { toasts } from '../toasts.svelte';
import { MOST_SELECTED, type Library } from './library.svelte';
import { selection } from './selection.svelte';
import type { Tile } from './tile';
import { words } from './words';

/** One in or out; or everything from where the selection began, also what has not been loaded yet. */
export async function choose(library: Library, id: string, extend: boolean): Promise<void> {
  const tile = library.get(id);
  if (!tile) return;
  const { anchor } = selection;
  if (!extend || anchor === null || library.bucketOf(anchor) < 0) {
    if (extend) selection.add([tile]);
    else selection.toggle(tile);
    selection.anchor = id;
    return;
  }
  take(await library.range(anchor, id));
}

export async function chooseAll(library: Library): Promise<void> {
  take(await library.all());
  if (library.total > MOST_SELECTED) toasts.say(i18n.of(words).capped(MOST_SELECTED));
}

function take(tiles: readonly Tile[]): void {
  const room = Math.max(0, MOST_SELECTED - selection.size);
  const fresh = tiles.filter((tile) => !selection.has(tile.id));
  selection.add(fresh.slice(0, room));
}

/** A drag over tiles: what lies between its ends is added, and given back when the hand comes back. */
export class Sweep {
  readonly #library: Library;
  readonly #from: string;
  readonly #before: readonly Tile[];
  #latest = '';

  constructor(library: Library, from: string) {
    this.#library = library;
    this.#from = from;
    this.#before = selection.tiles;
    selection.anchor = from;
    void this.to(from);
  }

  async to(id: string): Promise<void> {
    if (id === this.#latest) return;
    this.#latest = id;
    const tiles = await this.#library.range(this.#from, id);
    if (id !== this.#latest) return;
    const kept = new Set([...this.#before, ...tiles].map((tile) => tile.id));
    selection.drop(selection.ids.filter((one) => !kept.has(one)));
    take(tiles);
  }
}
