// Mirrors server/http/shares: links for people without an account.

import type { Schemas } from '@mediavault/client';
import { call } from './client';
import type { Page, Whole } from './types';

export type Share = Whole<Schemas['Share']>;

export type NewShare = Schemas['NewShare'];

/** Null takes a limit away; what is absent stays. */
export type ShareChange = Partial<{
  name: string;
  password: string | null;
  expires_at: string | null;
  level: 'view' | 'download';
  hide_metadata: boolean;
  max_views: number | null;
}>;

export type Visit = Whole<Schemas['Visit']>;

export const listShares = (cursor: string | null = null): Promise<Page<Share>> => call('GET', '/shares', { query: { cursor } });
export const makeShare = (fresh: NewShare): Promise<Share> => call('POST', '/shares', { body: fresh });
export const changeShare = (id: string, change: ShareChange): Promise<Share> => call('PATCH', `/shares/${id}`, { body: change });
export const revokeShare = (id: string): Promise<void> => call('DELETE', `/shares/${id}`);
export const listVisits = (id: string, cursor: string | null = null): Promise<Page<Visit>> =>
  call('GET', `/shares/${id}/visits`, { query: { cursor } });
