// Which day an asset belongs to, and how that day is called. Pure.

import type { Asset } from '../api/types';
import { dateFormat } from '../i18n/format';

/** The wall time an asset is filed under: when it was taken, else when it was added, in UTC as the server files it. */
export function wallTimeOf(asset: Pick<Asset, 'captured_at' | 'created_at'>): string {
  return asset.captured_at?.local ?? asset.created_at.replace(/Z$/, '');
}

/** `YYYY-MM-DD` of the wall time. */
export function dayOf(asset: Pick<Asset, 'captured_at' | 'created_at'>): string {
  return wallTimeOf(asset).slice(0, 10);
}

function localTime(date: Date): string {
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return Number.isNaN(shifted.getTime()) ? '' : shifted.toISOString().slice(0, 23);
}

export interface DayWords {
  today: string;
  yesterday: string;
  noDate: string;
}

/** `Today`, `Saturday 21 November`, `Sat, 12 May 2018`; shortened where there is little room. */
export function dayLabel(day: string, today: string, locale: string, words: DayWords, short = false): string {
  if (day.length === 7) return monthLabel(day, locale);
  const date = new Date(`${day}T00:00:00Z`);
  if (day === '' || Number.isNaN(date.getTime())) return words.noDate;
  const apart = (Date.parse(`${today}T00:00:00Z`) - date.getTime()) / 86_400_000;
  if (apart === 0) return words.today;
  if (apart === 1) return words.yesterday;
  const sameYear = day.slice(0, 4) === today.slice(0, 4);
  const long = sameYear && !short;
  return dateFormat(locale, {
    ...(short && !sameYear ? {} : { weekday: long ? ('long' as const) : ('short' as const) }),
    day: 'numeric',
    month: long ? 'long' : 'short',
    ...(sameYear ? {} : { year: 'numeric' as const }),
    timeZone: 'UTC',
  }).format(date);
}

/** `May 2024` for `2024-05`, or for a day of it. */
export function monthLabel(day: string, locale: string, month: 'long' | 'short' = 'long'): string {
  const date = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return day;
  return dateFormat(locale, { month, year: 'numeric', timeZone: 'UTC' }).format(date);
}

/** `May 2024`, or `Jan – May 2024` for a stretch of months; `to` is exclusive. */
export function stretchLabel({ from, to }: { from: string; to: string }, locale: string): string {
  const last = new Date(Date.parse(`${to}T00:00:00Z`) - 86_400_000);
  if (from.slice(0, 7) === last.toISOString().slice(0, 7)) return monthLabel(from, locale);
  const format = dateFormat(locale, { month: 'short', year: 'numeric', timeZone: 'UTC' });
  return format.formatRange(new Date(`${from}T00:00:00Z`), last);
}

/** Today's date where the reader is. */
export function today(now: Date = new Date()): string {
  return localTime(now).slice(0, 10);
}
