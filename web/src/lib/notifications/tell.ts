// A notification as a sentence and an address. Pure.

import type { Notification } from '../api/notifications';
import type { words } from './words';

type Words = (typeof words)['en']['kinds'];

export function sentence({ kind, detail }: Notification, t: Words): string {
  const who = text(detail['by_name'] ?? detail['by'] ?? detail['name']) || t.somebody;
  const what = text(detail['collection_name'] ?? detail['collection'] ?? detail['title']) || t.something;
  switch (kind) {
    case 'collection.shared':
      return t.shared(who, what);
    case 'collection.unshared':
      return t.unshared(what);
    case 'collection.level':
      return t.levelChanged(what);
    case 'collection.contributed':
      return t.added(who, what);
    case 'invitation.accepted':
      return t.joined(who);
    default:
      return text(detail['text']) || t.other;
  }
}

/** Where it leads, null where there is nothing to see. */
export function addressOf({ kind, subject }: Notification): string | null {
  if (subject === null) return null;
  if (kind === 'collection.unshared') return null;
  return kind.startsWith('collection.') ? `/collections/${subject}` : null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
