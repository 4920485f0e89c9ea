// Mirrors server/http/shared: what a visitor who follows a link sees.

import type { Schemas } from '@mediavault/client';
import { BASE, call } from './client';
import type { MediaKind, Page, Whole } from './types';

export type Shared = Whole<Schemas['Shared']>;

/** The name is null where the link hides details. */
export type SharedAsset = Omit<Whole<Schemas['SharedAsset']>, 'kind'> & { kind: MediaKind };

export const describeShared = (token: string): Promise<Shared> => call('GET', `/shared/${token}`);

/** Lets this browser in for a while; counts as a visit. */
export const openShared = (token: string, password: string | null): Promise<Shared> =>
  call('POST', `/shared/${token}/open`, { body: password === null ? {} : { password } });

export const listShared = (token: string, cursor: string | null, limit: number): Promise<Page<SharedAsset>> =>
  call('GET', `/shared/${token}/assets`, { query: { cursor, limit } });

export const sharedOriginal = (token: string, id: string): string => `${BASE}/shared/${token}/assets/${id}/content`;
export const sharedDownload = (token: string, id: string): string => `${sharedOriginal(token, id)}?download=1`;
export const sharedArchive = (token: string): string => `${BASE}/shared/${token}/archive`;
