// One visit to a link: let in, then loaded page by page.

import { ApiError } from '../api/client';
import { describeShared, listShared, openShared, type Shared, type SharedAsset } from '../api/visits';

const PAGE = 200;

export class Visit {
  readonly token: string;
  phase = $state<'loading' | 'locked' | 'open' | 'gone' | 'expired' | 'failed'>('loading');
  shared = $state.raw<Shared | null>(null);
  assets = $state.raw<SharedAsset[]>([]);
  error = $state.raw<unknown>(null);
  ended = $state(false);

  #cursor: string | null = null;
  #loading = false;

  constructor(token: string) {
    this.token = token;
  }

  async start(): Promise<void> {
    this.phase = 'loading';
    try {
      this.shared = await describeShared(this.token);
      if (this.shared.needs_password) await this.#enterAgain();
      else await this.enter(null);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Throws what was refused: a wrong password is the form's to tell. */
  async enter(password: string | null): Promise<void> {
    this.shared = await openShared(this.token, password);
    this.phase = 'open';
    await this.more();
  }

  async more(): Promise<void> {
    if (this.#loading || this.ended) return;
    this.#loading = true;
    try {
      this.#take(await listShared(this.token, this.#cursor, PAGE));
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#loading = false;
    }
  }

  /** Whoever gave the password before is still let in: only what is in it tells. */
  async #enterAgain(): Promise<void> {
    try {
      this.#take(await listShared(this.token, null, PAGE));
      this.phase = 'open';
    } catch (error) {
      if (!(error instanceof ApiError) || !asksForPassword(error)) throw error;
      this.phase = 'locked';
    }
  }

  #take(page: { items: SharedAsset[]; next_cursor: string | null }): void {
    this.assets = [...this.assets, ...page.items];
    this.#cursor = page.next_cursor ?? null;
    this.ended = this.#cursor === null;
    this.error = null;
  }

  #fail(error: unknown): void {
    this.error = error;
    if (error instanceof ApiError && error.code === 'link_expired') this.phase = 'expired';
    else if (error instanceof ApiError && error.status === 404) this.phase = 'gone';
    else if (this.phase !== 'open') this.phase = 'failed';
  }
}

function asksForPassword({ status, code }: ApiError): boolean {
  return status === 401 || (status === 403 && code !== 'link_expired');
}
