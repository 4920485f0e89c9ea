// Which day an asset belongs to, and how that day is called. Pure.

import type { Asset } from '../api/types';

/** The wall time an asset is filed under: when it was taken, else when it was added. */
export function wallTimeOf(asset: Pick<Asset, 'captured_at' | 'created_at'>): string {
  return asset.captured_at?.local ?? localTime(new Date(asset.created_at));
}

/** `YYYY-MM-DD` of the wall time. */
export function dayOf(asset: Pick<Asset, 'captured_at' | 'created_at'>): string {
  return wallTimeOf(asset).slice(0, 10);
}

function localTime(date: Date): string {
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return Number.isNaN(shifted.getTime()) ? '' : shifted.toISOString().slice(0, 23);
}

/** Newest first; the id breaks ties, so that the order never flickers. */
export function newestFirst(a: Asset, b: Asset): number {
  const [left, right] = [wallTimeOf(a), wallTimeOf(b)];
  if (left !== right) return left < right ? 1 : -1;
  return a.id < b.id ? 1 : -1;
}

export interface DayWords {
  today: string;
  yesterday: string;
  noDate: string;
}

/** `Today`, `Saturday 21 November`, `Sat, 12 May 2018`; shortened where there is little room. */
export function dayLabel(day: string, today: string, locale: string, words: DayWords, short = false): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (day === '' || Number.isNaN(date.getTime())) return words.noDate;
  const apart = (Date.parse(`${today}T00:00:00Z`) - date.getTime()) / 86_400_000;
  if (apart === 0) return words.today;
  if (apart === 1) return words.yesterday;
  const sameYear = day.slice(0, 4) === today.slice(0, 4);
  const long = sameYear && !short;
  return date.toLocaleDateString(locale, {
    ...(short && !sameYear ? {} : { weekday: long ? ('long' as const) : ('short' as const) }),
    day: 'numeric',
    month: long ? 'long' : 'short',
    ...(sameYear ? {} : { year: 'numeric' as const }),
    timeZone: 'UTC',
  });
}

/** Today's date where the reader is. */
export function today(now: Date = new Date()): string {
  return localTime(now).slice(0, 10);
}
