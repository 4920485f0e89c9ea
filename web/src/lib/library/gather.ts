// Sparse months put together, so that their few photographs share rows instead of wasting one each. Pure.

import type { TimelineBucket } from '../api/timeline';

export interface Stretch extends TimelineBucket {
  /** What the server told it in, newest first. */
  readonly parts: readonly TimelineBucket[];
}

/** A stretch holds at most so many assets of several months or days: only its last row may end early. */
export const TOGETHER = 240;

/**
 * Puts neighbours of one year together, then years of one decade that are small as a whole. Nothing
 * else is crossed, so that one new asset does not move the borders of everything older.
 */
export function gather(buckets: readonly TimelineBucket[], most: number): Stretch[] {
  const stretches: Stretch[] = [];
  let before: Stretch | null = null;
  for (const year of yearsOf(buckets)) {
    const runs = joinAll(year, most);
    const [whole] = runs.length === 1 ? runs : [];
    if (before && whole && sameDecade(before, whole) && before.count + whole.count <= most) {
      before = join(before, whole);
      stretches[stretches.length - 1] = before;
    } else {
      before = whole ?? null;
      stretches.push(...runs);
    }
  }
  return stretches;
}

export const alone = (bucket: TimelineBucket): Stretch => ({ ...bucket, parts: [bucket] });

/** The part that an asset of this day was counted in. */
export function partOf({ parts }: Pick<Stretch, 'parts'>, day: string): TimelineBucket | undefined {
  return parts.find((part) => part.from <= day && day < part.to);
}

function joinAll(buckets: readonly TimelineBucket[], most: number): Stretch[] {
  const runs: Stretch[] = [];
  for (const bucket of buckets) {
    const last = runs.at(-1);
    if (last && last.count + bucket.count <= most) runs[runs.length - 1] = join(last, alone(bucket));
    else runs.push(alone(bucket));
  }
  return runs;
}

function join(newer: Stretch, older: Stretch): Stretch {
  const parts = [...newer.parts, ...older.parts];
  return {
    key: `${older.parts.at(-1)?.key}..${newer.parts[0]?.key}`,
    from: older.from,
    to: newer.to,
    count: newer.count + older.count,
    parts,
  };
}

function* yearsOf(buckets: readonly TimelineBucket[]): Generator<TimelineBucket[]> {
  let year: TimelineBucket[] = [];
  for (const bucket of buckets) {
    if (year[0] && year[0].from.slice(0, 4) !== bucket.from.slice(0, 4)) {
      yield year;
      year = [];
    }
    year.push(bucket);
  }
  if (year.length > 0) yield year;
}

const sameDecade = (a: TimelineBucket, b: TimelineBucket): boolean => a.from.slice(0, 3) === b.from.slice(0, 3);
