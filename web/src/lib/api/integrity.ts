// Mirrors server/http/system/integrity: whether every copy is what it ought to be.

import type { Schemas } from '@mediavault/client';
import { call } from './client';
import type { Page, Whole } from './types';

export type Integrity = Whole<Schemas['Integrity']>;
export type IntegrityStore = Integrity['stores'][number];
export type Check = NonNullable<Integrity['check']>;
export type Finding = Whole<Schemas['Finding']>;

export const readIntegrity = (): Promise<Integrity> => call('GET', '/system/integrity');
export const listFindings = (cursor: string | null): Promise<Page<Finding>> =>
  call('GET', '/system/integrity/findings', { query: { cursor } });
export const startCheck = (): Promise<Check> => call('POST', '/system/verify');
export const cancelCheck = (): Promise<void> => call('DELETE', '/system/verify');
export const repairAgain = (): Promise<{ copies: number }> => call('POST', '/system/integrity/repair');
