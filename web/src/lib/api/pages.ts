// Lists that come in pages, whole.

import type { Page } from './types';

/** A server that never ends its list is not followed for ever. */
const MOST_PAGES = 50;

export async function everyPage<T>(list: (cursor: string | null) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer: Page<T> = await list(cursor);
    all.push(...answer.items);
    cursor = answer.next_cursor ?? null;
    if (cursor === null) break;
  }
  return all;
}
