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
    case 'copies.damaged':
      return t.damaged(count(detail['found']), count(detail['repaired']), count(detail['open']));
    case 'replica.away':
      return t.replicaAway(text(detail['replica']), text(detail['why']));
    case 'replica.back':
      return t.replicaBack(text(detail['replica']));
    default:
      return text(detail['text']) || t.other;
  }
}

/** Where it leads, null where there is nothing to see. */
export function addressOf({ kind, subject }: Notification): string | null {
  if (kind.startsWith('copies.') || kind.startsWith('replica.')) return '/admin/integrity';
  if (subject === null) return null;
  if (kind === 'collection.unshared') return null;
  return kind.startsWith('collection.') ? `/collections/${subject}` : null;
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
