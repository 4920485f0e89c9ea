// Mirrors server/http/assets.

import { BASE, call } from './client';
import type { Asset, AssetChange, CheckResult, Page, Step } from './types';

export interface AssetQuery {
  limit?: number;
  cursor?: string | null;
  q?: string;
  sort?: 'captured' | 'created';
  trashed?: boolean;
  collection?: string;
}

export const listAssets = (query: AssetQuery, signal?: AbortSignal): Promise<Page<Asset>> =>
  call('GET', '/assets', signal ? { query: { ...query }, signal } : { query: { ...query } });

export const getAsset = (id: string): Promise<Asset> => call('GET', `/assets/${id}`);

export const changeAsset = (id: string, change: AssetChange): Promise<Asset> =>
  call('PATCH', `/assets/${id}`, { body: change });

export const trashAsset = (id: string): Promise<void> => call('DELETE', `/assets/${id}`);

export const deleteAsset = (id: string): Promise<void> =>
  call('DELETE', `/assets/${id}`, { query: { permanent: true } });

export const restoreAsset = (id: string): Promise<Asset> => call('POST', `/assets/${id}/restore`);

export const checkHashes = (hashes: string[]): Promise<{ results: CheckResult[] }> =>
  call('POST', '/assets/check', { body: { hashes } });

export const listSteps = (id: string): Promise<{ items: Step[] }> => call('GET', `/assets/${id}/steps`);

export const retryStep = (id: string, name: string): Promise<void> =>
  call('POST', `/assets/${id}/steps/${encodeURIComponent(name)}/retry`);

export const cancelStep = (id: string, name: string): Promise<void> =>
  call('POST', `/assets/${id}/steps/${encodeURIComponent(name)}/cancel`);

export const contentUrl = (id: string): string => `${BASE}/assets/${id}/content`;

export const downloadUrl = (id: string): string => `${BASE}/assets/${id}/content?download=1`;

/** At most this many ids go into one archive. */
export const ARCHIVE_LIMIT = 10_000;

/**
 * Downloads a ZIP of the assets. A plain form, so that the browser streams the answer to disk. An
 * answer that is not a download loads in the hidden frame instead, which is how failure shows.
 */
export function downloadArchive(ids: string[], onFail: () => void): void {
  const frame = document.createElement('iframe');
  frame.name = `archive-${Date.now()}`;
  frame.hidden = true;
  document.body.append(frame);
  const form = document.createElement('form');
  form.method = 'post';
  form.action = `${BASE}/archives`;
  form.target = frame.name;
  form.hidden = true;
  const field = document.createElement('input');
  field.name = 'asset_ids';
  field.value = ids.slice(0, ARCHIVE_LIMIT).join(',');
  form.append(field);
  document.body.append(form);
  frame.addEventListener('load', () => {
    if (frame.contentDocument?.URL === 'about:blank') return;
    onFail();
    frame.remove();
  });
  form.submit();
  form.remove();
}
