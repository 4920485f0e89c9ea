// Mirrors server/http/shares: links for people without an account.

import { call } from './client';
import type { Page } from './types';

export interface Share {
  id: string;
  url: string;
  name: string;
  level: 'view' | 'download';
  has_password: boolean;
  expires_at: string | null;
  revoked_at: string | null;
  views: number;
  max_views: number | null;
  hide_metadata: boolean;
  collection_id: string | null;
  asset_count: number;
  created_at: string;
}

export interface NewShare {
  collection_id?: string;
  asset_ids?: string[];
  name?: string;
  password?: string;
  expires_at?: string;
  level: 'view' | 'download';
  hide_metadata?: boolean;
  max_views?: number;
}

/** Null takes a limit away; what is absent stays. */
export type ShareChange = Partial<{
  name: string;
  password: string | null;
  expires_at: string | null;
  level: 'view' | 'download';
  hide_metadata: boolean;
  max_views: number | null;
}>;

export interface Visit {
  id: string;
  happened_at: string;
  action: 'opened' | 'refused' | 'downloaded';
  asset_id: string | null;
  address: string | null;
  user_agent: string | null;
}

export const listShares = (cursor: string | null = null): Promise<Page<Share>> => call('GET', '/shares', { query: { cursor } });
export const makeShare = (fresh: NewShare): Promise<Share> => call('POST', '/shares', { body: fresh });
export const changeShare = (id: string, change: ShareChange): Promise<Share> => call('PATCH', `/shares/${id}`, { body: change });
export const revokeShare = (id: string): Promise<void> => call('DELETE', `/shares/${id}`);
export const listVisits = (id: string, cursor: string | null = null): Promise<Page<Visit>> =>
  call('GET', `/shares/${id}/visits`, { query: { cursor } });
