// The time that must pass before another try, counted down. Made while a component is.

import { ApiError } from '../api/client';

const TICK_MS = 500;

export class Wait {
  #until = $state(0);
  #now = $state(0);
  /** Seconds that are left; 0 when one may try. */
  readonly seconds = $derived(Math.max(0, Math.ceil((this.#until - this.#now) / 1000)));

  constructor() {
    $effect(() => {
      if (this.#until <= Date.now()) return undefined;
      const ticker = setInterval(() => (this.#now = Date.now()), TICK_MS);
      return () => clearInterval(ticker);
    });
  }

  /** Begins when the server refused because of too many tries; says whether it did. */
  begins(error: unknown): boolean {
    if (!(error instanceof ApiError) || error.code !== 'too_many_requests' || !error.retryAfter) return false;
    this.#now = Date.now();
    this.#until = this.#now + error.retryAfter * 1000;
    return true;
  }
}
