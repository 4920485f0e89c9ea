// What can be done to assets, one or many: shown at once, undone when the server refuses.

import * as api from '../api/assets';
import type { Asset, AssetChange } from '../api/types';
import { i18n } from '../i18n/i18n.svelte';
import { explain } from '../i18n/problem';
import { eachLimited } from '../pool';
import { toasts } from '../toasts.svelte';
import { libraries } from './libraries.svelte';
import type { Library } from './library.svelte';

const LANES = 4;

export async function trash(assets: readonly Asset[]): Promise<void> {
  const now = new Date().toISOString();
  libraries.upsert(assets.map((asset) => ({ ...asset, trashed_at: now })));
  const done = await each(assets, (asset) => api.trashAsset(asset.id));
  if (done.length === 0) return;
  toasts.offer(i18n.t.toast.trashed(done.length), i18n.t.verb.undo, () => void restore(done));
}

export async function restore(assets: readonly Asset[]): Promise<void> {
  libraries.upsert(assets.map((asset) => ({ ...asset, trashed_at: null })));
  const done = await each(assets, async (asset) => libraries.upsert([await api.restoreAsset(asset.id)]));
  if (done.length > 0) toasts.say(i18n.t.toast.restored(done.length));
}

export async function deleteForever(assets: readonly Asset[]): Promise<void> {
  libraries.remove(assets.map((asset) => asset.id));
  const done = await each(assets, (asset) => api.deleteAsset(asset.id));
  if (done.length > 0) toasts.say(i18n.t.toast.deleted(done.length));
}

/** Deletes everything in the trash, also what the grid has not loaded yet. */
export async function emptyTrash(trashed: Library): Promise<void> {
  while (!trashed.ended && trashed.phase !== 'failed') await trashed.loadMore();
  await deleteForever(trashed.assets);
}

export async function setFavourite(assets: readonly Asset[], favourite: boolean): Promise<void> {
  libraries.upsert(assets.map((asset) => ({ ...asset, favourite })));
  const done = await each(assets, async (asset) => libraries.upsert([await api.changeAsset(asset.id, { favourite })]));
  const words = favourite ? i18n.t.toast.favoured : i18n.t.toast.unfavoured;
  if (done.length > 1) toasts.say(words(done.length));
}

/** Changes one asset; throws what the server answered, after showing the old state again. */
export async function change(asset: Asset, changes: AssetChange): Promise<void> {
  libraries.upsert([{ ...asset, ...changes }]);
  try {
    libraries.upsert([await api.changeAsset(asset.id, changes)]);
  } catch (error) {
    libraries.upsert([asset]);
    throw error;
  }
}

/** Runs one request per asset; those that failed go back to how they were, with one message. */
async function each(assets: readonly Asset[], run: (asset: Asset) => Promise<void>): Promise<Asset[]> {
  const failed = await eachLimited(assets, LANES, run);
  if (failed.length === 0) return [...assets];
  libraries.upsert(failed.map(({ item }) => item));
  toasts.fail(i18n.t.toast.partly(failed.length, explain(failed[0]?.error, i18n.t, i18n.locale)));
  const lost = new Set(failed.map(({ item }) => item.id));
  return assets.filter((asset) => !lost.has(asset.id));
}

/** Starts a download: one original, or a ZIP of several. */
export function download(assets: readonly Asset[]): void {
  const [first, ...rest] = assets;
  if (!first) return;
  if (rest.length === 0) {
    const link = document.createElement('a');
    link.href = api.downloadUrl(first.id);
    link.download = first.file_name;
    link.click();
    return;
  }
  if (assets.length > api.ARCHIVE_LIMIT) toasts.say(i18n.t.selection.tooMany(api.ARCHIVE_LIMIT));
  api.downloadArchive(
    assets.map((asset) => asset.id),
    () => toasts.fail(i18n.t.toast.zipFailed),
  );
}
