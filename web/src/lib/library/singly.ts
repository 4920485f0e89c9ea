// Changes of many assets as many requests.

import { call } from '../api/client';
import { ApiError } from '../api/client';
import { eachLimited } from '../pool';
import type { Deed, Outcome } from './bulk';

const LANES = 4;

export async function singly(ids: readonly string[], deed: Deed): Promise<Outcome> {
  const failed = await eachLimited(ids, LANES, (id) => one(id, deed));
  const [first] = failed;
  if (first && failed.length === ids.length) throw first.error;
  return {
    batches: [],
    done: ids.length - failed.length,
    failed: failed.map(({ item, error }) => ({
      id: item,
      code: error instanceof ApiError ? error.code : 'unknown',
      detail: error instanceof Error ? error.message : '',
    })),
  };
}

async function one(id: string, deed: Deed): Promise<void> {
  if ('trash' in deed) await call('DELETE', `/assets/${id}`);
  else if ('delete' in deed) await call('DELETE', `/assets/${id}`, { query: { permanent: true } });
  else if ('restore' in deed) await call('POST', `/assets/${id}/restore`);
  else if ('edit' in deed) await call('PATCH', `/assets/${id}`, { body: deed.edit });
}

/** Whether the single routes know the deed. */
export function isSingle(deed: Deed): boolean {
  if ('edit' in deed) return !('add_tags' in deed.edit) && !('remove_tags' in deed.edit) && !('location' in deed.edit);
  return 'trash' in deed || 'restore' in deed || 'delete' in deed;
}
