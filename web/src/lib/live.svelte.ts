// The server's event stream. It is let go in a tab that nobody sees: a browser has six connections to a
// server, over all of its tabs.

import type { ServerEvent } from '@mediavault/client';
import { vault } from './api/client';

const EVENT_TYPES = [
  'asset.created',
  'asset.updated',
  'asset.trashed',
  'asset.restored',
  'asset.deleted',
  'collection.updated',
  'collection.deleted',
  /** One may see or do other things than before; a `reset` follows. */
  'access.changed',
  'notification.created',
  'reset',
] as const;
export type LiveType = (typeof EVENT_TYPES)[number];

export interface LiveEvent {
  type: LiveType;
  /** Empty where it is about no asset. */
  assetId: string;
  /** Empty where it is about no collection. */
  collectionId: string;
}

interface Told {
  asset_id?: string;
  collection_id?: string;
}

type Listener = (event: LiveEvent) => void;

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;
/** A tab hidden for so long lets its connection go. */
const HIDDEN = 60_000;

class Live {
  connected = $state(true);
  #listeners = new Set<Listener>();
  #lastId = '';
  #wait = FIRST_WAIT;
  #stopped = true;
  #connection: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hiddenTimer: ReturnType<typeof setTimeout> | undefined;
  #holds = 0;

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Keeps the connection even while the tab is hidden, until released. */
  hold(): () => void {
    this.#holds += 1;
    return () => (this.#holds -= 1);
  }

  start(): () => void {
    this.#stopped = false;
    void this.#connect();
    const onVisibility = (): void => this.#onVisibility();
    const onOnline = (): void => this.#again(0);
    document.addEventListener('visibilitychange', onVisibility);
    addEventListener('online', onOnline);
    return () => {
      this.#stopped = true;
      document.removeEventListener('visibilitychange', onVisibility);
      removeEventListener('online', onOnline);
      clearTimeout(this.#timer);
      clearTimeout(this.#hiddenTimer);
      this.#connection?.abort();
      this.#connection = null;
      this.#lastId = '';
    };
  }

  async #connect(): Promise<void> {
    const connection = new AbortController();
    this.#connection = connection;
    try {
      await this.#listen(connection);
    } catch {
      // Whatever ended it: what follows is the same, and `connected` shows it.
    }
    if (this.#connection !== connection) return;
    this.#connection = null;
    if (this.#stopped || (document.hidden && connection.signal.reason === 'hidden')) return;
    this.connected = false;
    this.#again(this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
  }

  async #listen({ signal }: AbortController): Promise<void> {
    const events = await vault.connect({ lastId: this.#lastId, signal });
    this.connected = true;
    this.#wait = FIRST_WAIT;
    for await (const event of events) this.#hear(event);
  }

  #hear({ type, data, id }: ServerEvent): void {
    this.#lastId = id;
    const known = EVENT_TYPES.find((one) => one === type);
    if (!known) return;
    const { asset_id: assetId = '', collection_id: collectionId = '' } = JSON.parse(data) as Told;
    for (const listener of this.#listeners) listener({ type: known, assetId, collectionId });
  }

  #again(wait: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped || this.#connection !== null) return;
    this.#timer = setTimeout(() => void this.#connect(), wait);
  }

  #onVisibility(): void {
    clearTimeout(this.#hiddenTimer);
    if (!document.hidden) this.#again(0);
    else this.#hiddenTimer = setTimeout(() => this.#holds === 0 && this.#connection?.abort('hidden'), HIDDEN);
  }
}

export const live = new Live();
