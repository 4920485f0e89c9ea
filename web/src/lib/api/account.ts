// Mirrors server/http/auth and server/http/me.

import { call } from './client';
import type { ApiKey, AuthState, MediaKind, NewApiKey, Session, User } from './types';

export const authState = (): Promise<AuthState> => call('GET', '/auth/state');

export interface Registration {
  email: string;
  password: string;
  name?: string;
  setup_code?: string;
  invitation?: string;
}

export const register = (account: Registration): Promise<{ user: User }> =>
  call('POST', '/auth/register', { body: { ...account, session: 'cookie' } });

export const login = (email: string, password: string): Promise<{ user: User }> =>
  call('POST', '/auth/login', { body: { email, password, session: 'cookie' } });

export const logout = (): Promise<void> => call('POST', '/auth/logout');

export interface Invited {
  /** Null when whoever has the link may choose the address. */
  email: string | null;
  invited_by: string;
}

export const invitationBehind = (secret: string): Promise<Invited> => call('GET', `/auth/invitations/${secret}`);

export const me = (): Promise<User> => call('GET', '/me');

export const listKeys = (): Promise<{ items: ApiKey[] }> => call('GET', '/me/keys');

export interface KeyWish {
  name: string;
  /** Null is without end. */
  expiresInDays: number | null;
  /** Null is everything that whoever makes the key may do. */
  scopes: string[] | null;
}

export const createKey = ({ name, expiresInDays, scopes }: KeyWish): Promise<NewApiKey> =>
  call('POST', '/me/keys', {
    body: { name, ...(expiresInDays === null ? {} : { expires_in_days: expiresInDays }), ...(scopes === null ? {} : { scopes }) },
  });

export const revokeKey = (id: string): Promise<void> => call('DELETE', `/me/keys/${id}`);

export const listSessions = (): Promise<{ items: Session[] }> => call('GET', '/me/sessions');

export const revokeSession = (id: string): Promise<void> => call('DELETE', `/me/sessions/${id}`);

export const recoveryKeyStatus = (): Promise<{ saved: boolean }> => call('GET', '/system/recovery-key-status');

export const confirmRecoveryKey = (): Promise<void> => call('POST', '/system/recovery-key-saved');

export interface ProfileChange {
  name?: string | null;
  email?: string;
  current_password?: string;
}

export const changeProfile = (change: ProfileChange): Promise<User> => call('PATCH', '/me', { body: change });

/** Ends all other sessions. */
export const changePassword = (current: string, fresh: string): Promise<void> =>
  call('POST', '/me/password', { body: { current, new: fresh } });

interface Weight {
  count: number;
  bytes: number;
}

export interface Usage {
  used: number;
  quota: number | null;
  count: number;
  by_kind: ({ kind: MediaKind } & Weight)[];
  by_month: ({ month: string } & Weight)[];
  largest: { id: string; file_name: string; kind: MediaKind; bytes: number; trashed: boolean }[];
  trash: Weight;
  versions: Weight;
}

export const usage = (): Promise<Usage> => call('GET', '/me/usage');
