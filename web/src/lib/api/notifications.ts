// Mirrors server/http/notifications.

import type { Schemas } from '@mediavault/client';
import { call } from './client';
import type { Whole } from './types';

/** `detail` has facts to make a sentence of, by kind. */
export type Notification = Omit<Whole<Schemas['Notification']>, 'detail'> & { detail: Record<string, unknown> };

export const listNotifications = (): Promise<{ items: Notification[]; unread: number }> => call('GET', '/notifications');

export const markRead = (which: { ids: string[] } | { all: true }): Promise<void> =>
  call('POST', '/notifications/read', { body: which });
