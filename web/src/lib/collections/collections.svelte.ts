// Every collection one may see, kept while the page is open and kept current by the event stream.

import * as api from '../api/collections';
import type { Collection } from '../api/collections';
import { ApiError } from '../api/client';
import { everyPage } from '../api/pages';
import { live, type LiveEvent } from '../live.svelte';

/** Events of this long are answered with one request. */
const GATHER_MS = 400;

class Collections {
  list = $state.raw<Collection[]>([]);
  phase = $state<'idle' | 'loading' | 'ready' | 'failed'>('idle');
  error = $state.raw<unknown>(null);
  readonly byId = $derived(new Map(this.list.map((one) => [one.id, one])));

  #timer: ReturnType<typeof setTimeout> | undefined;
  #generation = 0;

  /** Listens until stopped; then forgets everything, for whoever signs in next. */
  start(): () => void {
    const stop = live.subscribe((event) => this.#hear(event));
    return () => {
      stop();
      clearTimeout(this.#timer);
      this.#generation += 1;
      this.list = [];
      this.phase = 'idle';
    };
  }

  /** Loads once; later calls find it loaded. */
  async need(): Promise<void> {
    if (this.phase === 'idle' || this.phase === 'failed') await this.load();
  }

  async load(): Promise<void> {
    const generation = ++this.#generation;
    if (this.phase !== 'ready') this.phase = 'loading';
    try {
      const all = await everyPage((cursor) => api.listCollections({ cursor }));
      if (generation !== this.#generation) return;
      this.list = all;
      this.error = null;
      this.phase = 'ready';
    } catch (error) {
      if (generation !== this.#generation) return;
      this.error = error;
      // What was loaded before is still better than nothing.
      if (this.phase !== 'ready') this.phase = 'failed';
    }
  }

  /** The present state of one; null when it is gone or not shared any more. */
  async refresh(id: string): Promise<Collection | null> {
    try {
      const fresh = await api.getCollection(id);
      this.put(fresh);
      return fresh;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      this.drop(id);
      return null;
    }
  }

  put(fresh: Collection): void {
    const known = this.byId.has(fresh.id);
    this.list = known ? this.list.map((one) => (one.id === fresh.id ? fresh : one)) : [...this.list, fresh];
  }

  drop(id: string): void {
    this.list = this.list.filter((one) => one.id !== id);
  }

  childrenOf(id: string): Collection[] {
    return this.list.filter((one) => one.parent_id === id);
  }

  /** From the top down to the parent of `id`; stops at what is not shared. */
  pathTo(id: string): Collection[] {
    const path: Collection[] = [];
    let parent = this.byId.get(id)?.parent_id ?? null;
    while (parent !== null) {
      const found = this.byId.get(parent);
      if (!found || path.includes(found)) break;
      path.unshift(found);
      parent = found.parent_id;
    }
    return path;
  }

  #hear(event: LiveEvent): void {
    if (event.type === 'collection.deleted') this.drop(event.collectionId);
    const matters = event.collectionId !== '' || event.type === 'reset' || event.type === 'access.changed';
    if (!matters || this.phase === 'idle') return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), GATHER_MS);
  }
}

export const collections = new Collections();
