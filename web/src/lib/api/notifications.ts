// Mirrors server/http/notifications.

import { call } from './client';

export interface Notification {
  id: string;
  kind: string;
  /** Facts to make a sentence of, by kind. */
  detail: Record<string, unknown>;
  /** The id of what it is about. */
  subject: string | null;
  created_at: string;
  read_at: string | null;
}

export const listNotifications = (): Promise<{ items: Notification[]; unread: number }> => call('GET', '/notifications');

export const markRead = (which: { ids: string[] } | { all: true }): Promise<void> =>
  call('POST', '/notifications/read', { body: which });
