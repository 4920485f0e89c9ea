// The server's event stream. Read with fetch rather than EventSource, which forgets the place after
// an error answer, never notices a connection that died in a laptop's sleep, and holds one of the
// browser's six connections in every hidden tab.

import { openStream } from './api/client';
import { SseParser, type ServerEvent } from './api/sse';

const EVENT_TYPES = ['asset.created', 'asset.updated', 'asset.trashed', 'asset.restored', 'asset.deleted', 'reset'] as const;
export type LiveType = (typeof EVENT_TYPES)[number];

export interface LiveEvent {
  type: LiveType;
  /** Empty for `reset`. */
  assetId: string;
}

type Listener = (event: LiveEvent) => void;

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;
/** The server says something every 15 seconds; after this silence the connection is dead. */
const SILENCE = 45_000;
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

  async #listen(connection: AbortController): Promise<void> {
    const body = await openStream('/events', this.#lastId, connection.signal);
    this.connected = true;
    this.#wait = FIRST_WAIT;
    const reader = body.getReader();
    const decoder = new TextDecoder();
    const parser = new SseParser();
    for (;;) {
      const silence = setTimeout(() => connection.abort('silence'), SILENCE);
      const { done, value } = await reader.read().finally(() => clearTimeout(silence));
      if (done) return;
      for (const event of parser.push(decoder.decode(value, { stream: true }))) this.#hear(event);
    }
  }

  #hear({ type, data, id }: ServerEvent): void {
    this.#lastId = id;
    const known = EVENT_TYPES.find((one) => one === type);
    if (!known) return;
    const assetId = known === 'reset' ? '' : (JSON.parse(data) as { asset_id: string }).asset_id;
    for (const listener of this.#listeners) listener({ type: known, assetId });
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
