// Where the keys D, M and Y lead: to the next day, month or year that has something. Pure.

import type { Buckets } from '../library/buckets';
import { dayOfTile } from '../library/tile';

export type Jump = 'day' | 'month' | 'year';
const LENGTH: Record<Jump, number> = { day: 10, month: 7, year: 4 };

/**
 * The last day of the next older (-1) or newer (1) one; null at the ends. Of what is
 * not loaded, a month is taken for one of its days.
 */
export function jumpFrom(buckets: Buckets, day: string, jump: Jump, way: 1 | -1): string | null {
  const length = LENGTH[jump];
  const here = day.slice(0, length);
  const days = buckets.flatMap((bucket) => {
    if (bucket.tiles !== null && jump === 'day') return [...new Set(bucket.tiles.map(dayOfTile))];
    return bucket.parts.map((part) => lastDay(part.to));
  });
  if (way === -1) return days.find((one) => one.slice(0, length) < here) ?? null;
  const newer = days.findLast((one) => one.slice(0, length) > here);
  if (newer === undefined) return null;
  // The newest day of that month or year, where one begins to read.
  return days.find((one) => one.slice(0, length) === newer.slice(0, length)) ?? newer;
}

function lastDay(to: string): string {
  return new Date(Date.parse(`${to}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
