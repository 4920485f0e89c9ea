// What a request fails with: problem details (RFC 9457), whatever stood in the way.

import type { components } from './schema.js';

/** Codes this version of the server knows. */
export type KnownCode = components['schemas']['Problem']['code'];

/**
 * Problem details. The code may also be `network` (no answer at all), `unknown` (an answer that was not the
 * server's), or one that a newer server has added.
 */
export type Problem = Omit<components['schemas']['Problem'], 'code'> & { code: KnownCode | (string & {}) };

/** An answer that is a problem, or no answer at all (`status` 0, code `network`). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problem: Problem;
  /** Seconds to wait before another try, when the server named them. */
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(problem.detail || problem.title);
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  /** Stable; what a program should look at. */
  get code(): Problem['code'] {
    return this.problem.code;
  }

  /** The HTTP status; 0 when nothing answered. */
  get status(): number {
    return this.problem.status;
  }
}

/** A problem of our own making. */
export function problem(status: number, code: string, detail: string): Problem {
  return { type: 'about:blank', title: detail, status, code, detail };
}

/** Reads a problem body; a proxy's HTML page becomes a plain problem with the same status. */
export function parseProblem(status: number, body: string): Problem {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && 'code' in parsed) return parsed as Problem;
  } catch {
    // Not JSON: described by its status below.
  }
  return problem(status, status >= 500 ? 'unavailable' : 'unknown', `HTTP ${status}`);
}

/** `Retry-After` in seconds (RFC 9110 §10.2.3), as number or as date. */
export function parseRetryAfter(value: string | null, now: number = Date.now()): number | null {
  if (value === null || value.trim() === '') return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - now) / 1000));
}

/** The error for a refusal with this body and this `Retry-After`. */
export function refusal(status: number, body: string, retryAfter: string | null): ApiError {
  return new ApiError(parseProblem(status, body), parseRetryAfter(retryAfter));
}

/** The error for a request that nothing answered. */
export function unreachable(detail = 'The server cannot be reached'): ApiError {
  return new ApiError(problem(0, 'network', detail));
}
