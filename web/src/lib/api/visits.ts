// Mirrors server/http/shared: what a visitor who follows a link sees.

import { BASE, call } from './client';
import type { MediaKind, Page } from './types';

export interface Shared {
  name: string;
  level: 'view' | 'download';
  needs_password: boolean;
  owner: { name: string };
  count: number;
  expires_at: string | null;
}

export interface SharedAsset {
  id: string;
  kind: MediaKind;
  width: number | null;
  height: number | null;
  thumbhash: string | null;
  /** Null where the link hides details. */
  file_name: string | null;
  captured_at: { local: string; offset: string | null } | null;
  renditions: Record<string, { url: string; width: number | null; height: number | null }>;
}

export const describeShared = (token: string): Promise<Shared> => call('GET', `/shared/${token}`);

/** Lets this browser in for a while; counts as a visit. */
export const openShared = (token: string, password: string | null): Promise<Shared> =>
  call('POST', `/shared/${token}/open`, { body: password === null ? {} : { password } });

export const listShared = (token: string, cursor: string | null, limit: number): Promise<Page<SharedAsset>> =>
  call('GET', `/shared/${token}/assets`, { query: { cursor, limit } });

export const sharedOriginal = (token: string, id: string): string => `${BASE}/shared/${token}/assets/${id}/content`;
export const sharedDownload = (token: string, id: string): string => `${sharedOriginal(token, id)}?download=1`;
export const sharedArchive = (token: string): string => `${BASE}/shared/${token}/archive`;
