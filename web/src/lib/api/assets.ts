// Mirrors server/http/assets.

import { BASE, call } from './client';
import { postForDownload } from './download';
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

/** Refused with `precondition_failed` when somebody else has changed it since it was read. */
export const changeAsset = (asset: Asset, change: AssetChange): Promise<Asset> =>
  call('PATCH', `/assets/${asset.id}`, { body: change, ifRevision: asset.revision });

export const emptyTrash = (): Promise<void> => call('DELETE', '/trash');

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

/** Downloads a ZIP of the assets. */
export function downloadArchive(ids: string[], onFail: () => void): void {
  postForDownload(`${BASE}/archives`, { asset_ids: ids.slice(0, ARCHIVE_LIMIT).join(',') }, onFail);
}
