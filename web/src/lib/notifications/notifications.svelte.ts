// What the vault wants to tell: kept current by the event stream.

import { listNotifications, markRead, type Notification } from '../api/notifications';
import { ApiError } from '../api/client';
import { live } from '../live.svelte';

class Notifications {
  items = $state.raw<Notification[]>([]);
  unread = $state(0);

  start(): () => void {
    const stop = live.subscribe(({ type }) => {
      if (type === 'notification.created' || type === 'reset') void this.load();
    });
    void this.load();
    return () => {
      stop();
      this.items = [];
      this.unread = 0;
    };
  }

  async load(): Promise<void> {
    try {
      const { items, unread } = await listNotifications();
      this.items = items;
      this.unread = unread;
    } catch (error) {
      // The bell keeps what it has; the next event or connection asks again.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  async readAll(): Promise<void> {
    await markRead({ all: true });
    await this.load();
  }

  async read(one: Notification): Promise<void> {
    if (one.read_at !== null) return;
    await markRead({ ids: [one.id] });
    await this.load();
  }
}

export const notifications = new Notifications();
