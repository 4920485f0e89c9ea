// One request: where it goes, who asks, and what becomes of a refusal.

import { type ApiError, refusal, unreachable } from './problem.js';
import { BASE } from './routes.js';

export interface Options {
  /** Where the vault is, such as `https://photos.example.org`; '' for the page's own origin. */
  url: string;
  /** An API key (`mvk_…`). */
  key?: string;
  /** An access token, or what finds one: it is asked before every request. */
  token?: string | (() => string | Promise<string>);
  /** `same-origin` where a page uses its session's cookie. */
  credentials?: RequestCredentials;
  /** Told of every refusal before it is thrown. */
  onRefusal?: (error: ApiError) => void;
  /** In place of the global `fetch`. */
  fetch?: typeof fetch;
}

export type Query = Record<string, string | number | boolean | null | undefined>;

export class Transport {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** The address of a path, for links and pictures. Empty values are left out. */
  address(path: string, query: Query = {}): string {
    const params = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== null && value !== undefined && value !== '') params.set(name, String(value));
    }
    const text = params.toString();
    return this.#options.url.replace(/\/+$/, '') + BASE + path + (text === '' ? '' : `?${text}`);
  }

  get credentials(): RequestCredentials {
    return this.#options.credentials ?? 'omit';
  }

  /** Headers that say who asks. */
  async authorization(): Promise<Record<string, string>> {
    const { key, token } = this.#options;
    if (key !== undefined) return { Authorization: `Bearer ${key}` };
    if (token === undefined) return {};
    return { Authorization: `Bearer ${typeof token === 'string' ? token : await token()}` };
  }

  /** Sends it; throws what was refused and what went unanswered. */
  async send(address: string, init: RequestInit): Promise<Response> {
    const headers = { ...(await this.authorization()), ...(init.headers as Record<string, string>) };
    const response = await this.#fetch(address, { credentials: this.credentials, ...init, headers });
    if (response.ok) return response;
    throw this.refused(response.status, await response.text(), response.headers.get('Retry-After'));
  }

  refused(status: number, body: string, retryAfter: string | null): ApiError {
    const error = refusal(status, body, retryAfter);
    this.#options.onRefusal?.(error);
    return error;
  }

  async #fetch(address: string, init: RequestInit): Promise<Response> {
    try {
      return await (this.#options.fetch ?? fetch)(address, init);
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw unreachable();
    }
  }
}
