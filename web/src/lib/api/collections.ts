// Mirrors server/http/collections.

import type { Schemas } from '@mediavault/client';
import { call } from './client';
import type { Page, Whole } from './types';

/** What a member may do; each includes those before it. */
export const LEVELS = ['view', 'download', 'comment', 'contribute', 'edit'] as const satisfies Schemas['MemberLevel']['level'][];
export type Level = (typeof LEVELS)[number];
export type Standing = Collection['level'];

export type Cover = Whole<Schemas['Cover']>;

export type Collection = Whole<Schemas['Collection']>;

export type NewCollection = Schemas['NewCollection'];

export type CollectionChange = Partial<{
  name: string;
  description: string | null;
  parent_id: string | null;
  query: string;
  cover_id: string | null;
}>;

export type Member = Whole<Schemas['Member']>;

export const listCollections = (query: { parent?: string | null; q?: string; cursor?: string | null } = {}): Promise<Page<Collection>> =>
  call('GET', '/collections', { query });

export const getCollection = (id: string): Promise<Collection> => call('GET', `/collections/${id}`);

export const makeCollection = (fresh: NewCollection): Promise<Collection> => call('POST', '/collections', { body: fresh });

export const changeCollection = ({ id, revision }: Collection, change: CollectionChange): Promise<Collection> =>
  call('PATCH', `/collections/${id}`, { body: change, ifRevision: revision });

export const deleteCollection = (id: string): Promise<void> => call('DELETE', `/collections/${id}`);

/** One request takes at most so many. */
export const ASSETS_AT_ONCE = 1_000;

export const addAssets = (id: string, assetIds: string[]): Promise<{ added: number; already: number }> =>
  call('POST', `/collections/${id}/assets`, { body: { asset_ids: assetIds } });

export const removeAssets = (id: string, assetIds: string[]): Promise<void> =>
  call('POST', `/collections/${id}/assets/remove`, { body: { asset_ids: assetIds } });

export const listMembers = (id: string): Promise<{ items: Member[] }> => call('GET', `/collections/${id}/members`);

export const addMember = (id: string, email: string, level: Level): Promise<Member> =>
  call('POST', `/collections/${id}/members`, { body: { email, level } });

export const setMember = (id: string, userId: string, level: Level): Promise<Member> =>
  call('PUT', `/collections/${id}/members/${userId}`, { body: { level } });

export const removeMember = (id: string, userId: string): Promise<void> =>
  call('DELETE', `/collections/${id}/members/${userId}`);

export type Person = Schemas['FoundPerson'];

/** People one can share with, by name or the beginning of an address. */
export const searchPeople = (q: string, signal?: AbortSignal): Promise<{ items: Person[] }> =>
  call('GET', '/users/search', signal ? { query: { q }, signal } : { query: { q } });
