// What can be done to assets, one or many: shown at once, undone when the server refuses.

import * as api from '../api/assets';
import type { Asset, AssetChange } from '../api/types';
import { i18n } from '../i18n/i18n.svelte';
import { explain, explainReason } from '../i18n/problem';
import { toasts } from '../toasts.svelte';
import { bulk, undo, type Deed, type Outcome } from './bulk';
import { libraries } from './libraries.svelte';
import type { Library } from './library.svelte';
import { words } from './words';
import type { Tile } from './tile';

const t = () => i18n.of(words);

export function trash(tiles: readonly Tile[]): Promise<void> {
  const trashed_at = new Date().toISOString();
  return carryOut(tiles, { trash: true }, (tile) => ({ ...tile, trashed_at }), i18n.t.toast.trashed);
}

export function restore(tiles: readonly Tile[]): Promise<void> {
  return carryOut(tiles, { restore: true }, (tile) => ({ ...tile, trashed_at: null }), i18n.t.toast.restored);
}

/** There is no way back: whoever calls this has asked. Only what is in the trash is deleted, so all goes there first. */
export async function deleteForever(tiles: readonly Tile[]): Promise<void> {
  const kept = tiles.filter((tile) => tile.trashed_at === null);
  if (kept.length > 0 && !(await attempt(kept, { trash: true }))) return;
  libraries.remove(tiles.map((tile) => tile.id));
  const outcome = await attempt(tiles, { delete: true });
  if (outcome && outcome.done > 0) toasts.say(i18n.t.toast.deleted(outcome.done));
}

export async function emptyTrash(trashed: Library): Promise<void> {
  const n = trashed.total;
  try {
    await api.emptyTrash();
    toasts.say(i18n.t.toast.deleted(n));
  } catch (error) {
    toasts.fail(explain(error, i18n.t, i18n.locale));
  }
  await trashed.reload();
}

export function setFavourite(tiles: readonly Tile[], favourite: boolean): Promise<void> {
  const said = favourite ? i18n.t.toast.favoured : i18n.t.toast.unfavoured;
  return carryOut(tiles, { edit: { favourite } }, (tile) => ({ ...tile, favourite }), said);
}

export function setArchived(tiles: readonly Tile[], archived: boolean): Promise<void> {
  const said = archived ? t().archived : t().unarchived;
  return carryOut(tiles, { edit: { archived } }, (tile) => ({ ...tile, archived }), said);
}

export function setLocked(tiles: readonly Tile[], locked: boolean): Promise<void> {
  const said = locked ? t().locked : t().unlocked;
  return carryOut(tiles, { edit: { locked } }, (tile) => ({ ...tile, locked }), said);
}

export function rate(tiles: readonly Tile[], rating: number): Promise<void> {
  return carryOut(tiles, { edit: { rating } }, (tile) => ({ ...tile, rating: rating === 0 ? null : rating }), t().rated);
}

export function addTags(tiles: readonly Tile[], tags: string[]): Promise<void> {
  return carryOut(tiles, { edit: { add_tags: tags } }, null, t().tagged);
}

export function shiftDate(tiles: readonly Tile[], seconds: number): Promise<void> {
  return carryOut(tiles, { shift_captured: { seconds } }, (tile) => ({ ...tile, local: later(tile.local, seconds) }), t().shifted);
}

export function changePlace(tiles: readonly Tile[], location: { lat: number; lon: number } | null): Promise<void> {
  return carryOut(tiles, { edit: { location } }, null, t().placed);
}

/** Changes one asset, unless somebody else has in between; throws what the server answered. */
export async function change(asset: Asset, changes: AssetChange): Promise<void> {
  const { captured_at: _time, location: _place, use_file: _file, ...plain } = changes as AssetChange & Record<string, unknown>;
  libraries.upsert([{ ...asset, ...plain } as Asset]);
  try {
    libraries.upsert([await api.changeAsset(asset, changes)]);
  } catch (error) {
    libraries.upsert([asset]);
    throw error;
  }
}

/** Starts a download: one original, or a ZIP of several. */
export function download(tiles: readonly Pick<Tile, 'id' | 'file_name'>[]): void {
  const [first, ...rest] = tiles;
  if (!first) return;
  if (rest.length === 0) {
    const link = document.createElement('a');
    link.href = api.downloadUrl(first.id);
    link.download = first.file_name;
    link.click();
    return;
  }
  if (tiles.length > api.ARCHIVE_LIMIT) toasts.say(i18n.t.selection.tooMany(api.ARCHIVE_LIMIT));
  api.downloadArchive(
    tiles.map((tile) => tile.id),
    () => toasts.fail(i18n.t.toast.zipFailed),
  );
}

/** Shows the outcome at once, carries it out, and offers the way back. */
async function carryOut(
  tiles: readonly Tile[],
  deed: Deed,
  after: ((tile: Tile) => Tile) | null,
  said: (n: number) => string,
): Promise<void> {
  if (after) libraries.show(tiles.map(after));
  const outcome = await attempt(tiles, deed);
  if (!outcome || outcome.done === 0) return;
  const lost = new Set(outcome.failed.map(({ id }) => id));
  const done = tiles.filter((tile) => !lost.has(tile.id));
  const back = wayBack(done, deed, outcome);
  if (back) toasts.offer(said(outcome.done), i18n.t.verb.undo, () => void back());
  else toasts.say(said(outcome.done));
}

/** Null when nothing could be done; what failed shows as it was, with one message. */
async function attempt(tiles: readonly Tile[], deed: Deed): Promise<Outcome | null> {
  try {
    const outcome = await bulk(tiles.map((tile) => tile.id).sort(), deed);
    const [first] = outcome.failed;
    if (first) {
      const lost = new Set(outcome.failed.map(({ id }) => id));
      libraries.show(tiles.filter((tile) => lost.has(tile.id)));
      const why = i18n.t.problem.byCode[first.code] ?? explainReason({ code: first.code, message: first.detail, step: '' }, i18n.t);
      toasts.fail(i18n.t.toast.partly(outcome.failed.length, why));
    }
    return outcome;
  } catch (error) {
    libraries.show(tiles);
    toasts.fail(i18n.t.toast.partly(tiles.length, explain(error, i18n.t, i18n.locale)));
    return null;
  }
}

function wayBack(before: readonly Tile[], deed: Deed, { batches }: Outcome): (() => Promise<void>) | null {
  if ('restore' in deed || 'delete' in deed) return null;
  if ('trash' in deed) return () => restore(before);
  if (batches.length === 0) return null;
  return async () => {
    libraries.show(before);
    try {
      await undo(batches);
      toasts.say(t().undone);
    } catch (error) {
      toasts.fail(explain(error, i18n.t, i18n.locale));
    }
    for (const tile of before.slice(0, REREAD)) libraries.refresh(tile.id);
  };
}

/** After an undo so many are read again at once; the event stream brings the rest. */
const REREAD = 20;

/** A wall time moved by seconds. */
export function later(local: string, seconds: number): string {
  const at = Date.parse(`${local}Z`);
  return Number.isNaN(at) ? local : new Date(at + seconds * 1000).toISOString().slice(0, 19);
}
