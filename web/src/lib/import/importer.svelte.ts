// One import at a time, from archives to an end report. Lives beside the routes, so that moving about
// the page does not disturb it. Run again with the same archives it goes on: what arrived is a duplicate.

import { makeCollection } from '../api/collections';
import { planTakeout, type ImportPlan, type PlanItem } from '../api/imports';
import { collections } from '../collections/collections.svelte';
import { eachLimited } from '../pool';
import { gatherer } from '../upload/gather';
import { uploads } from '../upload/queue.svelte';
import type { Archives } from './archives';
import { chunks, joined } from './chunks';

/** So many files are out of their archives at once. */
const LANES = 3;

export type Outcome = 'added' | 'duplicate' | 'restored' | 'failed' | 'cancelled' | 'skipped';

export interface Row {
  path: string;
  outcome: Outcome;
  /** Why it was left out or failed. */
  reason: string;
  assetId: string | null;
}

export interface Choice {
  albums: boolean;
  trashed: boolean;
}

class Importer {
  phase = $state<'idle' | 'reading' | 'planned' | 'running' | 'done'>('idle');
  /** Files listed so far, while reading. */
  listed = $state(0);
  plan = $state.raw<ImportPlan | null>(null);
  /** Bytes of everything that would be uploaded. */
  bytes = $state(0);
  error = $state.raw<unknown>(null);
  rows = $state.raw<Row[]>([]);
  done = $state(0);
  all = $state(0);
  cancelled = $state(false);

  #archives: Archives | null = null;
  #abort = new AbortController();

  async read(files: readonly File[]): Promise<void> {
    await this.reset();
    this.phase = 'reading';
    const { signal } = this.#abort;
    try {
      // The zip reader is only fetched by whoever imports.
      const { Archives } = await import('./archives');
      this.#archives = new Archives();
      const listing = await this.#archives.open(files, (entries) => (this.listed = entries), signal);
      const plans: ImportPlan[] = [];
      for (const chunk of chunks(listing)) plans.push(await planTakeout(chunk, signal));
      const sizes = new Map(listing.files.map(({ path, size }) => [path, size]));
      this.plan = joined(plans);
      this.bytes = this.plan.items.reduce((sum, { path }) => sum + (sizes.get(path) ?? 0), 0);
      this.phase = 'planned';
    } catch (error) {
      if (signal.aborted) return;
      await this.reset();
      this.error = error;
    }
  }

  async run(choice: Choice): Promise<void> {
    const { plan } = this;
    if (!plan || this.phase !== 'planned') return;
    const { signal } = this.#abort;
    this.phase = 'running';
    const items = plan.items.filter(({ metadata }) => choice.trashed || !metadata.trashed);
    const skipped = plan.items.filter((item) => !items.includes(item));
    this.rows = [
      ...plan.ignored.map(({ path, reason }) => ({ path, outcome: 'skipped' as const, reason, assetId: null })),
      ...skipped.map(({ path }) => ({ path, outcome: 'skipped' as const, reason: 'trashed', assetId: null })),
    ];
    this.all = items.length;
    const release = await awake();
    try {
      const albums = choice.albums ? await albumIds(plan, signal) : new Map<string, string[]>();
      await eachLimited(items, LANES, (item) => this.#bring(item, albums.get(item.path) ?? [], signal));
      await gatherer.flush();
    } catch (error) {
      if (!signal.aborted) this.error = error;
    } finally {
      release();
      await this.#archives?.close();
      this.phase = 'done';
    }
  }

  cancel(): void {
    this.cancelled = true;
    this.#abort.abort(new DOMException('cancelled', 'AbortError'));
    if (this.phase === 'reading' || this.phase === 'planned') void this.reset();
  }

  async reset(): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    await this.#archives?.close();
    this.#archives = null;
    this.phase = 'idle';
    this.listed = 0;
    this.plan = null;
    this.bytes = 0;
    this.error = null;
    this.rows = [];
    this.done = 0;
    this.all = 0;
    this.cancelled = false;
  }

  async #bring(item: PlanItem, into: string[], signal: AbortSignal): Promise<void> {
    if (signal.aborted) {
      this.#note({ path: item.path, outcome: 'cancelled', reason: '', assetId: null });
      return;
    }
    try {
      this.#note(await this.#upload(item, into, signal));
    } catch (error) {
      const outcome = signal.aborted ? 'cancelled' : 'failed';
      this.#note({ path: item.path, outcome, reason: signal.aborted ? '' : 'unreadable', assetId: null });
      if (!signal.aborted && !(error instanceof Error)) throw error;
    }
  }

  async #upload(item: PlanItem, into: string[], signal: AbortSignal): Promise<Row> {
    const archives = this.#archives;
    if (!archives) throw new Error('the archives are closed');
    const file = await archives.extract(item.path, item.file_name, signal);
    const motion = item.motion === null ? null : await archives.extract(item.motion, nameOf(item.motion), signal);
    const [upload] = uploads.add([{ file, path: item.path, wish: { details: item.metadata, motion, collections: into } }]);
    if (!upload) throw new Error('nothing was queued');
    const onAbort = (): void => uploads.cancel(upload);
    signal.addEventListener('abort', onAbort, { once: true });
    await upload.outcome;
    signal.removeEventListener('abort', onAbort);
    const outcome = upload.state === 'processing' || upload.state === 'done' || upload.state === 'kept' ? 'added' : upload.state;
    const reason = upload.error instanceof Error ? upload.error.message : '';
    return { path: item.path, outcome: outcome as Outcome, reason, assetId: upload.assetId };
  }

  #note(row: Row): void {
    this.rows = [...this.rows, row];
    this.done += 1;
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The collections of each path: own ones of the album's name where there are any, else new ones. */
async function albumIds(plan: ImportPlan, signal: AbortSignal): Promise<Map<string, string[]>> {
  await collections.load();
  const byPath = new Map<string, string[]>();
  for (const album of plan.albums) {
    signal.throwIfAborted();
    const known = collections.list.find((one) => one.level === 'owner' && one.kind === 'manual' && one.name === album.name);
    const { id } = known ?? (await makeAlbum(album.name, album.description));
    for (const path of album.paths) byPath.set(path, [...(byPath.get(path) ?? []), id]);
  }
  return byPath;
}

async function makeAlbum(name: string, description: string | null) {
  const made = await makeCollection({ name, ...(description ? { description } : {}) });
  collections.put(made);
  return made;
}

/** Keeps the screen on where the browser can; a sleeping machine uploads nothing. */
async function awake(): Promise<() => void> {
  try {
    const lock = await navigator.wakeLock.request('screen');
    return () => void lock.release();
  } catch {
    return () => {};
  }
}

export const importer = new Importer();
