// When a failed transfer is worth another try, and after how long. Pure.

import { ApiError } from '../api/client';

export const MOST_TRIES = 6;
const FIRST = 1;
const LONGEST = 30;

/** What another try sets right by itself. */
const PASSING: ReadonlySet<string> = new Set(['upload_interrupted', 'digest_mismatch', 'offset_mismatch', 'upload_gone']);

/** No answer, a busy server, a passing failure, or bytes damaged on the way. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  if (error.status === 0 || error.status === 429) return true;
  if (PASSING.has(error.code)) return true;
  // Another request for the same upload is just ending.
  if (error.status === 423) return true;
  return error.status === 500 || (error.status >= 502 && error.status <= 504);
}

/** Seconds until try number `next` (from 2). Never before the server's `Retry-After`. */
export function waitBefore(next: number, retryAfter: number | null, random: number): number {
  const grown = Math.min(LONGEST, FIRST * 2 ** (next - 2));
  const jittered = grown * (0.75 + random / 2);
  return Math.max(jittered, retryAfter ?? 0);
}
