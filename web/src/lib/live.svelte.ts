// The server's event stream. The browser resumes it with Last-Event-ID by itself; when it gives up
// (a proxy answered with an error) we open a new one and treat what was missed as a reset.

import { BASE } from './api/client';

export const EVENT_TYPES = [
  'asset.created',
  'asset.updated',
  'asset.trashed',
  'asset.restored',
  'asset.deleted',
] as const;
export type LiveType = (typeof EVENT_TYPES)[number] | 'reset';

export interface LiveEvent {
  type: LiveType;
  /** Empty for `reset`. */
  assetId: string;
}

type Listener = (event: LiveEvent) => void;

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

class Live {
  connected = $state(true);
  #source: EventSource | null = null;
  #listeners = new Set<Listener>();
  #wait = FIRST_WAIT;
  #timer: ReturnType<typeof setTimeout> | undefined;

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): () => void {
    this.#open(false);
    return () => {
      clearTimeout(this.#timer);
      this.#source?.close();
      this.#source = null;
    };
  }

  #open(again: boolean): void {
    const source = new EventSource(`${BASE}/events`);
    this.#source = source;
    source.onopen = () => {
      this.connected = true;
      this.#wait = FIRST_WAIT;
      if (again) this.#emit({ type: 'reset', assetId: '' });
      again = false;
    };
    source.onerror = () => {
      this.connected = false;
      if (source.readyState !== EventSource.CLOSED) return;
      this.#timer = setTimeout(() => this.#open(true), this.#wait);
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    };
    for (const type of EVENT_TYPES) {
      source.addEventListener(type, (event) => this.#emit({ type, assetId: assetId(event) }));
    }
    source.addEventListener('reset', () => this.#emit({ type: 'reset', assetId: '' }));
  }

  #emit(event: LiveEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

function assetId(event: MessageEvent<string>): string {
  return (JSON.parse(event.data) as { asset_id: string }).asset_id;
}

export const live = new Live();
