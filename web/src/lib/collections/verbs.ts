// What can be done with collections, told and undone by toasts.

import * as api from '../api/collections';
import { ASSETS_AT_ONCE, type Collection } from '../api/collections';
import { i18n } from '../i18n/i18n.svelte';
import { libraries } from '../library/libraries.svelte';
import { router } from '../router/router.svelte';
import { toasts } from '../toasts.svelte';
import { tried } from '../tried';
import { collections } from './collections.svelte';
import { words } from './words';

/** Adds and says so, with a way back. Throws what the server answered. */
export async function addTo(collection: Collection, ids: readonly string[]): Promise<void> {
  const t = i18n.of(words).picker;
  const added = await eachPortion(ids, async (portion) => (await api.addAssets(collection.id, portion)).added);
  void follow(collection.id);
  if (added === 0) {
    toasts.offer(t.already(collection.name), t.open, () => router.go(`/collections/${collection.id}`));
    return;
  }
  // Only what was not in it before may be taken out again; where some was, the server alone knows which.
  const undoable = added === ids.length;
  if (undoable) toasts.offer(t.added(added, collection.name), i18n.t.verb.undo, () => void tried(takeOut(collection.id, ids)));
  else toasts.offer(t.added(added, collection.name), t.open, () => router.go(`/collections/${collection.id}`));
}

/** Takes out of the collection, which leaves the assets where they are. */
export async function removeFrom(collection: Collection, ids: readonly string[]): Promise<void> {
  await takeOut(collection.id, ids);
  const t = i18n.of(words);
  toasts.offer(t.removedFrom(ids.length), i18n.t.verb.undo, () => void tried(putBack(collection.id, ids)));
}

async function takeOut(id: string, ids: readonly string[]): Promise<void> {
  await eachPortion(ids, (portion) => api.removeAssets(id, portion).then(() => 0));
  await follow(id);
}

async function putBack(id: string, ids: readonly string[]): Promise<void> {
  await eachPortion(ids, (portion) => api.addAssets(id, portion).then(() => 0));
  await follow(id);
}

/** Shows the new count and cover, and the grid of the collection if it is open. */
async function follow(id: string): Promise<void> {
  libraries.again({ view: 'collection', q: '', id });
  await collections.refresh(id);
}

async function eachPortion(ids: readonly string[], run: (portion: string[]) => Promise<number>): Promise<number> {
  let sum = 0;
  for (let at = 0; at < ids.length; at += ASSETS_AT_ONCE) sum += await run(ids.slice(at, at + ASSETS_AT_ONCE));
  return sum;
}
