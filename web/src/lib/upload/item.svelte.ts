// One file on its way, and what became of it.

import type { Asset } from '../api/types';
import type { Picked } from './collect';

export type UploadState =
  | 'queued'
  | 'hashing'
  | 'checking'
  | 'ready'
  | 'sending'
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
  readonly file: File;
  readonly path: string;
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

  constructor(id: number, picked: Picked) {
    this.id = id;
    this.file = picked.file;
    this.path = picked.path;
  }

  get ended(): boolean {
    return ENDED.has(this.state);
  }

  get arrived(): boolean {
    return ARRIVED.has(this.state);
  }

  get cancellable(): boolean {
    return !this.ended && this.state !== 'processing';
  }

  /** Progress of the present state, 0 to 1. */
  get fraction(): number {
    return this.file.size === 0 ? 1 : this.progress / this.file.size;
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
