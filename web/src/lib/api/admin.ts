// Mirrors server/http/{users,invitations,roles,jobs,system,audit}: what needs a permission.

import { BASE, call } from './client';
import type { Page } from './types';

export interface Account {
  id: string;
  email: string;
  name: string | null;
  roles: string[];
  state: 'active' | 'disabled';
  quota: number | null;
  used: number;
  asset_count: number;
  last_seen_at: string | null;
  created_at: string;
}

export type AccountChange = Partial<{ name: string | null; roles: string[]; quota: number | null; state: Account['state'] }>;

export interface NewAccount {
  email: string;
  name?: string;
  /** Without one the server makes it up and tells it once. */
  password?: string;
  roles?: string[];
  quota?: number;
}

export const listUsers = (cursor: string | null = null, q = ''): Promise<Page<Account>> => call('GET', '/users', { query: { cursor, q } });
export const makeUser = (fresh: NewAccount): Promise<Account & { password: string | null }> => call('POST', '/users', { body: fresh });
export const changeUser = (id: string, change: AccountChange): Promise<Account> => call('PATCH', `/users/${id}`, { body: change });
export const deleteUser = (id: string): Promise<void> => call('DELETE', `/users/${id}`);
export const resetPassword = (id: string): Promise<{ password: string }> => call('POST', `/users/${id}/reset-password`);

export interface Invitation {
  id: string;
  email: string | null;
  roles: string[];
  quota: number | null;
  state: string;
  invited_by: string;
  accepted_by: string | null;
  created_at: string;
  expires_at: string;
}

export interface NewInvitation {
  email?: string;
  roles?: string[];
  quota?: number;
  expires_in_days?: number;
}

export const listInvitations = (cursor: string | null): Promise<Page<Invitation>> => call('GET', '/invitations', { query: { cursor } });
export const makeInvitation = (fresh: NewInvitation): Promise<Invitation & { url: string }> => call('POST', '/invitations', { body: fresh });
export const deleteInvitation = (id: string): Promise<void> => call('DELETE', `/invitations/${id}`);

export interface Role {
  name: string;
  permissions: string[];
  built_in: boolean;
  user_count: number;
}

export const listRoles = (): Promise<{ items: Role[] }> => call('GET', '/roles');
export const makeRole = (name: string, permissions: string[]): Promise<Role> => call('POST', '/roles', { body: { name, permissions } });
export const changeRole = (name: string, permissions: string[]): Promise<Role> =>
  call('PATCH', `/roles/${encodeURIComponent(name)}`, { body: { permissions } });
export const deleteRole = (name: string): Promise<void> => call('DELETE', `/roles/${encodeURIComponent(name)}`);

export interface Job {
  id: string;
  kind: string;
  asset_id: string | null;
  state: string;
  attempts: number;
  run_at: string;
  last_error: string | null;
}

interface JobCounts {
  waiting: number;
  running: number;
  dead: number;
}

export interface Queue {
  counts: JobCounts;
  by_kind: ({ kind: string } & JobCounts)[];
  pauses: { kind: string | null; until: string }[];
  items: Job[];
}

export const lookAtQueue = (state: string | null = null): Promise<Queue> => call('GET', '/jobs', { query: { state } });
export const pauseJobs = (kind: string | null, seconds: number): Promise<void> =>
  call('POST', '/jobs/pause', { body: { ...(kind === null ? {} : { kind }), seconds } });
export const resumeJobs = (kind: string | null): Promise<void> => call('POST', '/jobs/resume', { body: kind === null ? {} : { kind } });
export const retryDeadJobs = (): Promise<void> => call('POST', '/jobs/retry', { body: {} });
export const retryJob = (id: string): Promise<void> => call('POST', `/jobs/${id}/retry`);
export const cancelJob = (id: string): Promise<void> => call('POST', `/jobs/${id}/cancel`);

export interface StorageReport {
  store: string;
  free_bytes: number | null;
  blobs: { count: number; bytes: number; stored_bytes: number };
  by_state: { state: string; count: number; bytes: number }[];
  derived_bytes: number;
  by_user: { id: string; name: string; bytes: number; count: number; quota: number | null }[];
  unreferenced: { count: number; bytes: number };
  damaged: { count: number; bytes: number };
  database_bytes: number | null;
}

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

export interface AuditEntry {
  id: string;
  at: string;
  actor: { id: string; email: string | null; name: string | null } | null;
  action: string;
  subject: string | null;
  detail: unknown;
  address: string | null;
  request_id: string | null;
}

export interface AuditQuery {
  actor?: string;
  action?: string;
  subject?: string;
  after?: string;
  before?: string;
}

export const listAudit = (query: AuditQuery, cursor: string | null): Promise<Page<AuditEntry>> =>
  call('GET', '/audit', { query: { ...query, cursor, limit: 100 } });

/** The same entries as a file; the server writes it. */
export async function auditCsv(query: AuditQuery): Promise<string> {
  const params = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  const answer = await fetch(`${BASE}/audit?${params}`, { credentials: 'same-origin', headers: { Accept: 'text/csv' } });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.text();
}
