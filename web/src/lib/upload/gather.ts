// Puts what has arrived into its collections, many at a time.

import { addAssets } from '../api/collections';
import { collections } from '../collections/collections.svelte';
import { i18n } from '../i18n/i18n.svelte';
import { explain } from '../i18n/problem';
import { libraries } from '../library/libraries.svelte';
import { toasts } from '../toasts.svelte';
import { isTransient, MOST_TRIES, waitBefore } from './backoff';

const GATHER_MS = 600;
const AT_ONCE = 500;

export class Gatherer {
  #waiting = new Map<string, Set<string>>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #under: Promise<void> = Promise.resolve();

  add(collection: string, asset: string): void {
    const ids = this.#waiting.get(collection) ?? new Set();
    ids.add(asset);
    this.#waiting.set(collection, ids);
    this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS);
  }

  /** Resolves when everything gathered so far is in its collection, or was told to have failed. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const now = [...this.#waiting];
    this.#waiting.clear();
    this.#under = this.#under.then(async () => {
      for (const [collection, ids] of now) await put(collection, [...ids]);
    });
    return this.#under;
  }
}

async function put(collection: string, ids: string[]): Promise<void> {
  try {
    for (let at = 0; at < ids.length; at += AT_ONCE) await patiently(collection, ids.slice(at, at + AT_ONCE));
    libraries.again({ view: 'collection', q: '', id: collection });
    await collections.refresh(collection);
  } catch (error) {
    toasts.fail(explain(error, i18n.t, i18n.locale));
  }
}

async function patiently(collection: string, ids: string[]): Promise<void> {
  for (let next = 2; ; next += 1) {
    try {
      await addAssets(collection, ids);
      return;
    } catch (error) {
      if (!isTransient(error) || next > MOST_TRIES) throw error;
      const wait = waitBefore(next, null, Math.random());
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    }
  }
}

export const gatherer = new Gatherer();
