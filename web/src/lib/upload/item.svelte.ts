// One file on its way, and what became of it.

import type { Asset } from '../api/types';
import type { Picked, Wish } from './collect';
import { inPieces } from './send';

export type UploadState =
  | 'queued'
  | 'hashing'
  | 'checking'
  | 'ready'
  | 'sending'
  | 'paused'
  | 'processing'
  | 'done'
  | 'duplicate'
  | 'restored'
  | 'kept'
  | 'failed'
  | 'cancelled';

/** Nothing more happens by itself. */
const ENDED: ReadonlySet<UploadState> = new Set(['done', 'duplicate', 'restored', 'kept', 'failed', 'cancelled']);
/** The bytes are at the server, or were there before. */
const ARRIVED: ReadonlySet<UploadState> = new Set(['processing', 'done', 'duplicate', 'restored', 'kept']);

export class UploadItem {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly path: string;
  readonly wish: Wish;
  /** Let go of as soon as its bytes are at the server: a long import must not keep them all. */
  file: File | null;
  state = $state<UploadState>('queued');
  /** Bytes hashed or sent in the present state. */
  progress = $state(0);
  error = $state.raw<unknown>(null);
  /** When the next try starts, in epoch milliseconds, while waiting for it. */
  retryAt = $state<number | null>(null);
  asset = $state.raw<Asset | null>(null);
  assetId = $state<string | null>(null);
  sha256: string | null = null;
  tries = 0;
  abort = new AbortController();
  /** Resolves when the bytes have arrived or will not. */
  readonly outcome: Promise<void>;
  #conclude: () => void = () => {};

  constructor(id: number, picked: Picked) {
    this.id = id;
    this.file = picked.file;
    this.name = picked.file.name;
    this.size = picked.file.size;
    this.path = picked.path;
    this.wish = picked.wish ?? {};
    this.outcome = new Promise((resolve) => (this.#conclude = resolve));
  }

  /** The bytes are at the server, under this id. */
  arrive(assetId: string, state: UploadState): void {
    this.assetId = assetId;
    this.state = state;
    this.file = null;
    this.#conclude();
  }

  /** It ends without arriving; it may be tried again. */
  end(state: 'failed' | 'cancelled', error: unknown = null): void {
    this.state = state;
    this.error = error;
    this.retryAt = null;
    this.#conclude();
  }

  get ended(): boolean {
    return ENDED.has(this.state);
  }

  get arrived(): boolean {
    return ARRIVED.has(this.state);
  }

  /** It goes in pieces: what was sent need not be sent again. */
  get inPieces(): boolean {
    return inPieces(this.size, this.wish);
  }

  get pausable(): boolean {
    return this.inPieces && (this.state === 'sending' || this.state === 'ready');
  }

  get cancellable(): boolean {
    return !this.ended && this.state !== 'processing';
  }

  /** Progress of the present state, 0 to 1. */
  get fraction(): number {
    return this.size === 0 ? 1 : this.progress / this.size;
  }

  /** Takes the server's present view of the asset. */
  settle(asset: Asset): void {
    this.asset = asset;
    if (this.state !== 'processing') return;
    if (asset.status === 'ready') this.state = 'done';
    else if (asset.status === 'partial') this.state = asset.renditions['thumb'] ? 'done' : 'kept';
    else if (asset.status === 'failed' || asset.status === 'quarantined') this.state = 'kept';
  }
}
