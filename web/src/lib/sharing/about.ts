// A link in one line. Pure.

import type { Share } from '../api/shares';
import { day } from '../i18n/format';
import { stateOf } from './link';
import type { words } from './words';

type Words = (typeof words)['en'];

export function stateWord(link: Share, t: Words): string {
  return { active: t.page.active, expired: t.expired, revoked: t.revoked, usedUp: t.usedUp }[stateOf(link, Date.now())];
}

export function visitsWord(link: Share, t: Words): string {
  return link.max_views === null ? t.views(link.views) : t.viewsOf(link.views, link.max_views);
}

export function about(link: Share, t: Words, locale: string): string {
  const state = stateOf(link, Date.now());
  return [
    state === 'active' ? '' : stateWord(link, t),
    t.linkLevels[link.level],
    link.has_password ? t.protected : '',
    link.hide_metadata ? t.hidden : '',
    state === 'active' && link.expires_at ? t.until(day(link.expires_at, locale)) : '',
    visitsWord(link, t),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
