// Mirrors server/http/tus.

import { call, vault } from './client';

/** A large file that did not get here whole. */
export interface Unfinished {
  id: string;
  address: string;
  file_name: string;
  offset: number;
  length: number | null;
  role: 'whole' | 'partial' | 'final';
}

export const listUnfinished = (): Promise<{ items: Unfinished[] }> => call('GET', '/uploads/tus');

/** The server deletes what it has of it. */
export const giveUp = (address: string): Promise<void> => vault.giveUpUpload(address);
