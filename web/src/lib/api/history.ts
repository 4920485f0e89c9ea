// Mirrors server/http/assets/versions and revisions: what an asset was made of, and what people changed.

import type { Schemas } from '@mediavault/client';
import { BASE, call, vault } from './client';
import type { Asset, Whole } from './types';

export type VersionFile = Whole<Schemas['VersionFile']>;

export type Version = Whole<Schemas['Version']>;

export const listVersions = (id: string): Promise<{ items: Version[] }> => call('GET', `/assets/${id}/versions`);

export const versionUrl = (id: string, number: number): string => `${BASE}/assets/${id}/versions/${number}/content?download=1`;

export function uploadVersion(id: string, file: File): Promise<Asset> {
  const form = new FormData();
  form.append('file', file, file.name);
  return vault.request<Asset>('POST', `/assets/${id}/versions`, { body: form });
}

export const rollBack = (id: string, number: number): Promise<Asset> =>
  call('POST', `/assets/${id}/versions/${number}/rollback`);

export interface Revision {
  revision: number;
  made_by: string | null;
  made_at: string;
  before: Record<string, unknown>;
  after: Record<string, unknown>;
}

export const listRevisions = (id: string): Promise<{ items: Revision[] }> => call('GET', `/assets/${id}/revisions`);

/** Refused with `wrong_state` when the same was changed again later, unless `force` says to do it anyway. */
export const undoRevision = (id: string, revision: number, force = false): Promise<Asset> =>
  call('POST', `/assets/${id}/revisions/${revision}/undo`, { query: force ? { force: true } : {} });
