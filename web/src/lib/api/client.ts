// The one door to the server: same-origin cookies, JSON in and out, problems as `ApiError`.

import type { Problem } from './types';

export const BASE = '/api/v1';

/** An answer that is a problem, or no answer at all (`status` 0, code `network`). */
export class ApiError extends Error {
  readonly problem: Problem;
  /** Seconds to wait before another try, when the server named them. */
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(problem.detail || problem.title);
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  get code(): string {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }
}

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

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface CallOptions {
  body?: unknown;
  query?: Record<string, string | number | boolean | null | undefined>;
  signal?: AbortSignal;
}

let onUnauthenticated: () => void = () => {};

/** Called when a request that needs a session finds none: the page goes to sign-in. */
export function whenUnauthenticated(handler: () => void): void {
  onUnauthenticated = handler;
}

export async function call<T>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
  const init: RequestInit = { method, credentials: 'same-origin', headers: { Accept: 'application/json' } };
  if (options.signal) init.signal = options.signal;
  if (options.body !== undefined) {
    init.body = JSON.stringify(options.body);
    init.headers = { Accept: 'application/json', 'Content-Type': 'application/json' };
  }
  const response = await send(BASE + path + queryString(options.query), init);
  const text = await response.text();
  if (!response.ok) throw refused(response, text);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

function refused(response: Response, body: string): ApiError {
  const found = parseProblem(response.status, body);
  if (found.code === 'unauthenticated') onUnauthenticated();
  return new ApiError(found, parseRetryAfter(response.headers.get('Retry-After')));
}

/** Opens an event stream, resuming after `lastId` when there is one. */
export async function openStream(path: string, lastId: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const headers: Record<string, string> = { Accept: 'text/event-stream' };
  if (lastId !== '') headers['Last-Event-ID'] = lastId;
  const response = await send(BASE + path, { credentials: 'same-origin', cache: 'no-store', headers, signal });
  if (response.ok && response.body) return response.body;
  throw refused(response, await response.text());
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(problem(0, 'network', 'The server cannot be reached'));
  }
}

function queryString(query: CallOptions['query']): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined && value !== '') params.set(key, String(value));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}
