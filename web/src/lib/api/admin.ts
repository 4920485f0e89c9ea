// Mirrors server/http/{users,invitations,roles,jobs,system,audit}: what needs a permission.

import type { Schemas } from '@mediavault/client';
import { BASE, call } from './client';
import type { Page, Whole } from './types';

export type Account = Whole<Schemas['ManagedUser']>;

export type AccountChange = Partial<{ name: string | null; roles: string[]; quota: number | null; state: Account['state'] }>;

/** Without a password the server makes one up and tells it once. */
export type NewAccount = Schemas['NewManagedUser'];

export const listUsers = (cursor: string | null = null, q = ''): Promise<Page<Account>> => call('GET', '/users', { query: { cursor, q } });
export const makeUser = (fresh: NewAccount): Promise<Account & { password: string | null }> => call('POST', '/users', { body: fresh });
export const changeUser = (id: string, change: AccountChange): Promise<Account> => call('PATCH', `/users/${id}`, { body: change });
export const deleteUser = (id: string): Promise<void> => call('DELETE', `/users/${id}`);
export const resetPassword = (id: string): Promise<{ password: string }> => call('POST', `/users/${id}/reset-password`);

export type Invitation = Whole<Schemas['Invitation']>;

export type NewInvitation = Schemas['NewInvitation'];

export const listInvitations = (cursor: string | null): Promise<Page<Invitation>> => call('GET', '/invitations', { query: { cursor } });
export const makeInvitation = (fresh: NewInvitation): Promise<Invitation & { url: string }> => call('POST', '/invitations', { body: fresh });
export const deleteInvitation = (id: string): Promise<void> => call('DELETE', `/invitations/${id}`);

export type Role = Whole<Schemas['Role']>;

export const listRoles = (): Promise<{ items: Role[] }> => call('GET', '/roles');
export const makeRole = (name: string, permissions: string[]): Promise<Role> => call('POST', '/roles', { body: { name, permissions } });
export const changeRole = (name: string, permissions: string[]): Promise<Role> =>
  call('PATCH', `/roles/${encodeURIComponent(name)}`, { body: { permissions } });
export const deleteRole = (name: string): Promise<void> => call('DELETE', `/roles/${encodeURIComponent(name)}`);

export type Queue = Whole<Schemas['Jobs']>;
export type Job = Queue['items'][number];



export const lookAtQueue = (state: string | null = null): Promise<Queue> => call('GET', '/jobs', { query: { state } });
export const pauseJobs = (kind: string | null, seconds: number): Promise<void> =>
  call('POST', '/jobs/pause', { body: { ...(kind === null ? {} : { kind }), seconds } });
export const resumeJobs = (kind: string | null): Promise<void> => call('POST', '/jobs/resume', { body: kind === null ? {} : { kind } });
export const retryDeadJobs = (): Promise<void> => call('POST', '/jobs/retry', { body: {} });
export const retryJob = (id: string): Promise<void> => call('POST', `/jobs/${id}/retry`);
export const cancelJob = (id: string): Promise<void> => call('POST', `/jobs/${id}/cancel`);

export type StorageReport = Whole<Schemas['Storage']>;

export const storageReport = (): Promise<StorageReport> => call('GET', '/system/storage');

/** A setting and where its value comes from: a fixed one stands in the configuration. */
export interface Setting<T> {
  value: T;
  fixed: boolean;
}

export interface Settings {
  registration: Setting<'open' | 'invite' | 'closed'>;
  default_quota: Setting<number | null>;
  trash_days: Setting<number>;
  allowed_types: Setting<string[]>;
  max_upload_size: Setting<number>;
}

export type SettingsChange = { [Key in keyof Settings]?: Settings[Key]['value'] };

export const readSettings = (): Promise<Settings> => call('GET', '/system/settings');
export const changeSettings = (change: SettingsChange): Promise<Settings> => call('PATCH', '/system/settings', { body: change });

export type AuditEntry = Omit<Whole<Schemas['AuditEntry']>, 'detail'> & { detail: unknown };

export interface AuditQuery {
  actor?: string;
  action?: string;
  subject?: string;
  after?: string;
  before?: string;
}

export const listAudit = (query: AuditQuery, cursor: string | null): Promise<Page<AuditEntry>> =>
  call('GET', '/audit', { query: { ...query, cursor, limit: 100 } });

export type AuditVerification = Whole<Schemas['AuditVerification']>;

/** Reads the whole log again and compares it with its seals. */
export const verifyAudit = (): Promise<AuditVerification> => call('GET', '/audit/verification');

/** The same entries as a file; the server writes it. */
export async function auditCsv(query: AuditQuery): Promise<string> {
  const params = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  const answer = await fetch(`${BASE}/audit?${params}`, { credentials: 'same-origin', headers: { Accept: 'text/csv' } });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.text();
}
