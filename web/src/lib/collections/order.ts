// How the overview narrows and orders collections. Pure.

import type { Collection, Standing } from '../api/collections';

export const SORTS = ['updated', 'name', 'newest', 'count'] as const;
export type Sort = (typeof SORTS)[number];
export const KINDS = ['all', 'mine', 'shared', 'smart'] as const;
export type Kind = (typeof KINDS)[number];

/** May the reader put own photos in? A smart one fills itself. */
export function takesPhotos(one: Pick<Collection, 'kind' | 'level'>): boolean {
  return one.kind === 'manual' && (CONTRIBUTORS as readonly string[]).includes(one.level);
}

const CONTRIBUTORS: readonly Standing[] = ['contribute', 'edit', 'owner'];

export function mayEdit(one: Pick<Collection, 'level'>): boolean {
  return one.level === 'edit' || one.level === 'owner';
}

export function mayDownload(one: Pick<Collection, 'level'>): boolean {
  return one.level !== 'view';
}

export function belongs(one: Collection, kind: Kind): boolean {
  switch (kind) {
    case 'all':
      return true;
    case 'mine':
      return one.level === 'owner';
    case 'shared':
      return one.level !== 'owner';
    case 'smart':
      return one.kind === 'smart';
  }
}

/** Every word of `text` occurs in the name, whatever its case or accents. */
export function named(one: Pick<Collection, 'name'>, text: string): boolean {
  const name = plain(one.name);
  return plain(text)
    .split(/\s+/)
    .every((word) => name.includes(word));
}

function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

export function ordered(list: readonly Collection[], sort: Sort, locale: string): Collection[] {
  const byName = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' }).compare;
  const compare: Record<Sort, (a: Collection, b: Collection) => number> = {
    name: () => 0,
    updated: (a, b) => descending(a.updated_at, b.updated_at),
    newest: (a, b) => descending(a.last_at ?? '', b.last_at ?? ''),
    count: (a, b) => b.count - a.count,
  };
  return [...list].sort((a, b) => compare[sort](a, b) || byName(a.name, b.name));
}

function descending(a: string, b: string): number {
  return a === b ? 0 : a < b ? 1 : -1;
}

/** Top-level ones: without a parent, or with one that the reader does not see. */
export function roots(list: readonly Collection[]): Collection[] {
  const ids = new Set(list.map((one) => one.id));
  return list.filter((one) => one.parent_id === null || !ids.has(one.parent_id));
}

/** Where `one` may be put: not into itself, nor into what lies in it. */
export function possibleParents(list: readonly Collection[], one: Pick<Collection, 'id'> | null): Collection[] {
  const own = list.filter((other) => other.level === 'owner' && other.kind === 'manual');
  if (one === null) return own;
  const below = new Set([one.id]);
  for (let grown = -1; grown !== below.size; ) {
    grown = below.size;
    for (const other of list) if (other.parent_id !== null && below.has(other.parent_id)) below.add(other.id);
  }
  return own.filter((other) => !below.has(other.id));
}
