// Every upload of this page: hash one, check in batches, send a few at a time, watch until processed.
// Lives beside the routes, so moving about the page does not disturb it.

import { checkHashes, restoreAsset } from '../api/assets';
import type { CheckResult } from '../api/types';
import { libraries } from '../library/libraries.svelte';
import { live } from '../live.svelte';
import { isTransient, MOST_TRIES, waitBefore } from './backoff';
import type { Picked } from './collect';
import { gatherer } from './gather';
import { Hasher, Unreadable } from './hasher';
import { UploadItem, type UploadState } from './item.svelte';
import { Meter } from './meter';
import { giveUp, send } from './send';
import { NOTHING, totalsOf, type Totals } from './totals';

const SEND_LANES = 3;
const CHECK_BATCH = 200;
const TICK_MS = 250;

class UploadQueue {
  items = $state.raw<UploadItem[]>([]);
  totals = $state.raw<Totals>(NOTHING);
  /** Bytes a second. */
  speed = $state(0);
  /** Seconds. */
  left = $state<number | null>(null);
  /** Something is still to be hashed, checked or sent. */
  running = $state(false);

  #toHash: UploadItem[] = [];
  #toCheck: UploadItem[] = [];
  #toSend: UploadItem[] = [];
  #hashing = false;
  #checking = false;
  #sending = 0;
  #waiting = new Set<UploadItem>();
  #paused = new Set<UploadItem>();
  #byAsset = new Map<string, UploadItem>();
  #hasher = new Hasher();
  #meter = new Meter();
  #ticker: ReturnType<typeof setInterval> | undefined;
  #next = 1;
  #release: () => void = () => {};

  start(): () => void {
    const stops = [
      libraries.watch((asset) => {
        this.#byAsset.get(asset.id)?.settle(asset);
        if (!this.running) this.#count();
      }, (id) => this.#byAsset.get(id)?.state === 'processing'),
      live.subscribe((event) => {
        if (event.type !== 'reset') return;
        for (const [id, item] of this.#byAsset) if (item.state === 'processing') libraries.refresh(id);
      }),
    ];
    const onLeave = (event: BeforeUnloadEvent): void => {
      if (this.running) event.preventDefault();
    };
    const onOnline = (): void => this.#wakeAll();
    addEventListener('beforeunload', onLeave);
    addEventListener('online', onOnline);
    return () => {
      removeEventListener('beforeunload', onLeave);
      removeEventListener('online', onOnline);
      for (const stop of stops) stop();
      this.cancelAll();
      this.items = [];
      this.#byAsset.clear();
      this.#count();
    };
  }

  add(picked: readonly Picked[]): UploadItem[] {
    const items = picked.map((one) => new UploadItem(this.#next++, one));
    this.items = [...this.items, ...items];
    this.#toHash.push(...items);
    this.#pump();
    return items;
  }

  cancel(item: UploadItem): void {
    if (!item.cancellable) return;
    item.end('cancelled');
    this.#waiting.delete(item);
    this.#paused.delete(item);
    item.abort.abort(new DOMException('cancelled', 'AbortError'));
    // If that fails, the server forgets it by itself after some days.
    if (item.inPieces && item.file) void giveUp(item.file, item.sha256).catch(() => {});
    this.#pump();
  }

  /** Stops sending; what was sent stays at the server. */
  pause(item: UploadItem): void {
    if (!item.pausable) return;
    item.state = 'paused';
    item.retryAt = null;
    item.error = null;
    this.#waiting.delete(item);
    this.#toSend = this.#toSend.filter((one) => one !== item);
    this.#paused.add(item);
    item.abort.abort(new DOMException('paused', 'AbortError'));
    this.#pump();
  }

  /** Goes on with what was paused. */
  resume(item: UploadItem): void {
    if (!this.#paused.delete(item)) return;
    item.abort = new AbortController();
    item.tries = 0;
    item.state = 'ready';
    this.#toSend.push(item);
    this.#pump();
  }

  cancelAll(): void {
    for (const item of this.items) this.cancel(item);
  }

  retry(item: UploadItem): void {
    if (item.state !== 'failed' && item.state !== 'cancelled') return;
    item.abort = new AbortController();
    item.tries = 0;
    item.error = null;
    item.progress = 0;
    item.state = 'queued';
    this.#toHash.push(item);
    this.#pump();
  }

  retryAll(): void {
    for (const item of this.items) if (item.state === 'failed') this.retry(item);
  }

  /** Forgets a finished upload's list. */
  clear(): void {
    if (this.running) return;
    this.items = [];
    this.#byAsset.clear();
    this.#count();
  }

  #pump(): void {
    if (!this.#hashing) void this.#hashNext();
    // While one check is under way the next batch gathers by itself.
    if (!this.#checking) void this.#checkNext();
    while (this.#sending < SEND_LANES) {
      const item = take(this.#toSend);
      if (!item) break;
      void this.#sendOne(item);
    }
    this.#clock();
  }

  async #hashNext(): Promise<void> {
    const item = take(this.#toHash);
    if (!item) return;
    this.#hashing = true;
    item.state = 'hashing';
    try {
      item.sha256 = await this.#hasher.hash(fileOf(item), (done) => (item.progress = done), item.abort.signal);
      if (item.sha256 === null) this.#ready(item);
      else {
        item.state = 'checking';
        this.#toCheck.push(item);
      }
    } catch (error) {
      this.#fail(item, error);
    } finally {
      this.#hashing = false;
      this.#pump();
    }
  }

  async #checkNext(): Promise<void> {
    const batch = this.#toCheck.splice(0, CHECK_BATCH).filter((item) => item.state === 'checking');
    if (batch.length === 0) return;
    this.#checking = true;
    try {
      const { results } = await checkHashes([...new Set(batch.flatMap((item) => item.sha256 ?? []))]);
      const found = new Map(results.map((result) => [result.sha256, result]));
      for (const item of batch) await this.#judge(item, found.get(item.sha256 ?? ''));
    } catch {
      // The check only saves work: without it the server finds duplicates when the bytes arrive.
      for (const item of batch) this.#ready(item);
    } finally {
      this.#checking = false;
      this.#pump();
    }
  }

  async #judge(item: UploadItem, result: CheckResult | undefined): Promise<void> {
    if (item.state !== 'checking') return;
    if (!result?.asset_id) {
      this.#ready(item);
      return;
    }
    if (result.trashed) libraries.upsert([await restoreAsset(result.asset_id)]);
    this.#arrived(item, result.asset_id, result.trashed ? 'restored' : 'duplicate');
  }

  #ready(item: UploadItem): void {
    if (item.state !== 'hashing' && item.state !== 'checking') return;
    item.progress = 0;
    item.state = 'ready';
    this.#toSend.push(item);
  }

  async #sendOne(item: UploadItem): Promise<void> {
    this.#sending += 1;
    item.tries += 1;
    if (!item.inPieces) item.progress = 0;
    item.state = 'sending';
    const { signal } = item.abort;
    let best = 0;
    const onProgress = (sent: number): void => {
      if (signal.aborted) return;
      item.progress = sent;
      // A long file on a bad line breaks off often: what gets further has all its tries again.
      if (item.inPieces && best > 0 && sent > best) item.tries = 1;
      best = Math.max(best, sent);
    };
    try {
      const { asset, duplicate } = await send({ file: fileOf(item), wish: item.wish, sha256: item.sha256, onProgress, signal });
      this.#arrived(item, asset.id, duplicate ? 'duplicate' : 'processing');
      // Another file of the same bytes may be what the asset came from: that one is watched.
      if (!duplicate) this.#byAsset.set(asset.id, item);
      libraries.upsert([asset]);
      // What happened between the commit and now may have been told before we listened.
      if (!duplicate) libraries.refresh(asset.id);
    } catch (error) {
      // Paused, and perhaps gone on with meanwhile: that is another try.
      if (signal.aborted && !item.ended) return;
      this.#retryOrFail(item, error);
    } finally {
      this.#sending -= 1;
      this.#pump();
    }
  }

  #retryOrFail(item: UploadItem, error: unknown): void {
    const retryAfter = error instanceof Error && 'retryAfter' in error ? (error.retryAfter as number | null) : null;
    if (item.state === 'cancelled' || !isTransient(error) || item.tries >= MOST_TRIES) {
      this.#fail(item, error);
      return;
    }
    const wait = waitBefore(item.tries + 1, retryAfter, Math.random());
    item.error = error;
    item.state = 'ready';
    if (!item.inPieces) item.progress = 0;
    item.retryAt = Date.now() + wait * 1000;
    this.#waiting.add(item);
    setTimeout(() => this.#wake(item), wait * 1000);
  }

  #wake(item: UploadItem): void {
    if (!this.#waiting.delete(item)) return;
    item.retryAt = null;
    item.error = null;
    this.#toSend.push(item);
    this.#pump();
  }

  #wakeAll(): void {
    for (const item of [...this.#waiting]) this.#wake(item);
  }

  #fail(item: UploadItem, error: unknown): void {
    if (!item.ended) item.end('failed', error);
  }

  #arrived(item: UploadItem, assetId: string, state: UploadState): void {
    item.arrive(assetId, state);
    for (const collection of item.wish.collections ?? []) gatherer.add(collection, assetId);
  }

  #clock(): void {
    const busy = this.#hashing || this.#checking || this.#sending > 0 || this.#waiting.size + this.#paused.size > 0;
    const before = this.running;
    this.running = busy || this.#toHash.length + this.#toCheck.length + this.#toSend.length > 0;
    if (this.running && !before) {
      this.#release = live.hold();
      this.#meter.reset();
      this.#ticker = setInterval(() => this.#count(), TICK_MS);
    } else if (!this.running) {
      this.#release();
      this.#release = () => {};
      clearInterval(this.#ticker);
    }
    if (this.running !== before) this.#count();
  }

  #count(): void {
    this.totals = totalsOf(this.items);
    this.#meter.add(Date.now(), this.totals.bytesSent);
    this.speed = this.#meter.speed;
    this.left = this.#meter.left(this.totals.bytes - this.totals.bytesDone);
  }
}

/** Only what has arrived has let its file go, and that is neither hashed nor sent again. */
function fileOf(item: UploadItem): File {
  if (item.file === null) throw new Unreadable();
  return item.file;
}

/** The next one that was not cancelled meanwhile. */
function take(list: UploadItem[]): UploadItem | undefined {
  for (let item = list.shift(); item; item = list.shift()) if (item.state !== 'cancelled') return item;
  return undefined;
}

export const uploads = new UploadQueue();
