// Which assets of the present grid are selected.

import { SvelteSet } from 'svelte/reactivity';

class Selection {
  readonly ids = new SvelteSet<string>();
  /** Where a Shift-range starts. */
  #anchor: string | null = null;

  get active(): boolean {
    return this.ids.size > 0;
  }

  toggle(id: string): void {
    if (!this.ids.delete(id)) this.ids.add(id);
    this.#anchor = id;
  }

  /** Selects from the anchor to `id` in the order of `all`. */
  extend(id: string, all: readonly { id: string }[]): void {
    const to = all.findIndex((item) => item.id === id);
    const from = this.#anchor === null ? to : all.findIndex((item) => item.id === this.#anchor);
    if (to < 0) return;
    const start = from < 0 ? to : from;
    for (const item of all.slice(Math.min(start, to), Math.max(start, to) + 1)) this.ids.add(item.id);
    this.#anchor ??= id;
  }

  /** All in when one is missing, else all out. */
  toggleAll(ids: readonly string[]): void {
    const whole = ids.every((id) => this.ids.has(id));
    for (const id of ids) {
      if (whole) this.ids.delete(id);
      else this.ids.add(id);
    }
    this.#anchor = ids[0] ?? null;
  }

  /** Forgets what is no longer shown. */
  keep(exists: (id: string) => boolean): void {
    for (const id of this.ids) if (!exists(id)) this.ids.delete(id);
  }

  clear(): void {
    this.ids.clear();
    this.#anchor = null;
  }
}

export const selection = new Selection();
