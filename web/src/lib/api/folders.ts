// Mirrors server/http/folders and assets/places: files that are shown where they lie.

import type { Schemas } from '@mediavault/client';
import { call } from './client';
import type { Page, Whole } from './types';

export type FolderState = 'due' | 'scanning' | 'idle' | 'unreachable' | 'leaving';
export type FileState = 'present' | 'missing' | 'beside' | 'refused' | 'dismissed';
export type Folder = Omit<Whole<Schemas['Folder']>, 'state'> & { state: FolderState };
export type FolderFile = Whole<Schemas['FolderFile']>;
export type Place = Whole<Schemas['Place']>;

export const listFolders = (): Promise<{ items: Folder[] }> => call('GET', '/folders');
export const attachFolder = (path: string, owner: string | null): Promise<Folder> =>
  call('POST', '/folders', { body: { path, ...(owner === null ? {} : { owner_id: owner }) } });
export const scanFolder = (id: string): Promise<Folder> => call('POST', `/folders/${id}/scan`);
export const detachFolder = (id: string): Promise<void> => call('DELETE', `/folders/${id}`);
export const folderFiles = (id: string, state: FileState, cursor: string | null): Promise<Page<FolderFile>> =>
  call('GET', `/folders/${id}/files`, { query: { state, cursor } });
export const placesOf = (asset: string): Promise<{ items: Place[] }> => call('GET', `/assets/${asset}/places`);
