// What to tell a person about an error, in the page's language.

import { ApiError } from '../api/client';
import type { AssetProblem } from '../api/types';
import { duration } from './format';
import type { Dictionary } from './en';

/** A sentence for anything thrown. Server text is used only where we have no words of our own. */
export function explain(error: unknown, t: Dictionary, locale: string): string {
  if (!(error instanceof ApiError)) return t.problem.unknown;
  if (error.status === 0) return t.problem.network;
  if (error.code === 'too_many_requests' && error.retryAfter !== null) {
    return t.auth.throttled(duration(error.retryAfter, locale));
  }
  if (error.code === 'invalid_field') return t.problem.invalidField(error.problem.detail.replace(/\.$/, ''));
  const own = t.problem.byCode[error.code] ?? (error.problem.detail || error.problem.title || t.problem.unknown);
  const id = error.problem.request_id;
  return error.status >= 500 && id ? t.problem.withId(own, id) : own;
}

/** Why a step of an asset failed: our sentence for a known reason, else the server's. */
export function explainReason(found: AssetProblem, t: Dictionary): string {
  return t.reason[found.code] ?? (found.message || t.problem.unknown);
}
