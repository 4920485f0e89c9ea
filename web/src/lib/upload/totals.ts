// The figures over a whole upload. Pure.

import type { UploadItem } from './item.svelte';

export interface Totals {
  all: number;
  /** Ended one way or another, or at the server. */
  settled: number;
  added: number;
  duplicate: number;
  failed: number;
  cancelled: number;
  /** Bytes of everything that is to arrive. */
  bytes: number;
  /** Of those, here or no longer needed. */
  bytesDone: number;
  /** Bytes that really went over the wire. */
  bytesSent: number;
}

export const NOTHING: Totals = {
  all: 0,
  settled: 0,
  added: 0,
  duplicate: 0,
  failed: 0,
  cancelled: 0,
  bytes: 0,
  bytesDone: 0,
  bytesSent: 0,
};

/** Of these, some bytes may be at the server. */
const ON_ITS_WAY: ReadonlySet<string> = new Set(['sending', 'paused', 'ready']);

type Counted = Pick<UploadItem, 'state' | 'progress' | 'arrived' | 'size'>;

export function totalsOf(items: readonly Counted[]): Totals {
  const sum = { ...NOTHING, all: items.length };
  for (const item of items) {
    const { size } = item;
    if (item.state === 'failed') sum.failed += 1;
    else if (item.state === 'cancelled') sum.cancelled += 1;
    else sum.bytes += size;
    if (item.state === 'duplicate' || item.state === 'restored') sum.duplicate += 1;
    else if (item.arrived) sum.added += 1;
    if (item.arrived) {
      sum.bytesDone += size;
      if (item.state !== 'duplicate' && item.state !== 'restored') sum.bytesSent += size;
    } else if (ON_ITS_WAY.has(item.state)) {
      sum.bytesDone += item.progress;
      sum.bytesSent += item.progress;
    }
  }
  sum.settled = sum.added + sum.duplicate + sum.failed + sum.cancelled;
  return sum;
}
