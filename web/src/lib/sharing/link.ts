// What a link's fields come to. Pure.

import type { Share } from '../api/shares';

export type LinkState = 'active' | 'expired' | 'revoked' | 'usedUp';

type Limits = Pick<Share, 'revoked_at' | 'expires_at' | 'views' | 'max_views'>;

export function stateOf(link: Limits, now: number): LinkState {
  if (link.revoked_at !== null) return 'revoked';
  if (link.expires_at !== null && Date.parse(link.expires_at) <= now) return 'expired';
  if (link.max_views !== null && link.views >= link.max_views) return 'usedUp';
  return 'active';
}

export const EXPIRIES = ['day', 'week', 'month', 'year', 'never', 'date'] as const;
export type Expiry = (typeof EXPIRIES)[number];

const DAYS: Partial<Record<Expiry, number>> = { day: 1, week: 7, month: 30, year: 365 };
const DAY_MS = 86_400_000;

/**
 * The instant at which a link made at `now` ends: null is never, undefined where the chosen `date`
 * (`YYYY-MM-DD`, the last day on which it works, where the reader is) is missing or over.
 */
export function expiresAt(expiry: Expiry, date: string, now: number): string | null | undefined {
  if (expiry === 'never') return null;
  const days = DAYS[expiry];
  if (days !== undefined) return new Date(now + days * DAY_MS).toISOString();
  const end = new Date(`${date}T23:59:59`);
  return Number.isNaN(end.getTime()) || end.getTime() <= now ? undefined : end.toISOString();
}

/** A limit of visits as typed: null is none, undefined is no such number. */
export function viewLimit(text: string): number | null | undefined {
  if (text.trim() === '') return null;
  const value = Number(text);
  return Number.isInteger(value) && value >= 1 && value <= 1_000_000 ? value : undefined;
}

/** Fewest characters of a link's password: people say these to one another. */
const PASSWORD_MIN = 6;

/** Whether a password as typed would be taken; nothing typed is no password. */
export function isLinkPassword(text: string): boolean {
  return text === '' || [...text].length >= PASSWORD_MIN;
}
