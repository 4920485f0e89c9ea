// A collection as a ZIP.

import { ARCHIVE_LIMIT, downloadArchive, listAssets } from '../api/assets';
import type { Collection } from '../api/collections';
import { i18n } from '../i18n/i18n.svelte';
import { explain } from '../i18n/problem';
import { toasts } from '../toasts.svelte';

const PAGE = 1_000;

/** Asks for the ids of everything in it, then lets the browser fetch the ZIP. */
export async function downloadAll(collection: Pick<Collection, 'id'>): Promise<void> {
  try {
    const ids = await idsOf(collection.id);
    if (ids.length > ARCHIVE_LIMIT) toasts.say(i18n.t.selection.tooMany(ARCHIVE_LIMIT));
    downloadArchive(ids, () => toasts.fail(i18n.t.toast.zipFailed));
  } catch (error) {
    toasts.fail(explain(error, i18n.t, i18n.locale));
  }
}

/** One more than fits, so that it can be said that not all of them do. */
async function idsOf(collection: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listAssets>> = await listAssets({ collection, limit: PAGE, cursor });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.next_cursor;
  } while (cursor !== null && ids.length <= ARCHIVE_LIMIT);
  return ids;
}
