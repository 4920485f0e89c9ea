import { describe, expect, it } from 'vitest';
import type { Collection } from '../api/collections';
import { belongs, named, ordered, possibleParents, roots, takesPhotos } from './order';

function one(id: string, fields: Partial<Collection> = {}): Collection {
  return {
    id,
    name: id,
    description: null,
    parent_id: null,
    owner: { id: 'u', name: 'Anna' },
    cover: null,
    count: 0,
    kind: 'manual',
    query: null,
    level: 'owner',
    shared: false,
    first_at: null,
    last_at: null,
    created_at: '2024-01-01T00:00:00Z',
    updated_at: '2024-01-01T00:00:00Z',
    revision: 1,
    collections: 0,
    ...fields,
  };
}

const ids = (list: Collection[]): string[] => list.map(({ id }) => id);

describe('collections', () => {
  it('are found by any words of their name, without accents', () => {
    expect(named(one('x', { name: 'Été à la mer 2024' }), 'mer ete')).toBe(true);
    expect(named(one('x', { name: 'Été à la mer 2024' }), 'berge')).toBe(false);
  });

  it('are ordered as asked, ties by name with numbers as numbers', () => {
    const list = [one('Day 10'), one('Day 9', { count: 3 }), one('Alps', { updated_at: '2024-05-01T00:00:00Z' })];
    expect(ids(ordered(list, 'name', 'en'))).toEqual(['Alps', 'Day 9', 'Day 10']);
    expect(ids(ordered(list, 'updated', 'en'))).toEqual(['Alps', 'Day 9', 'Day 10']);
    expect(ids(ordered(list, 'count', 'en'))).toEqual(['Day 9', 'Alps', 'Day 10']);
  });

  it('are at the top when their parent is not seen', () => {
    expect(ids(roots([one('a'), one('b', { parent_id: 'a' }), one('c', { parent_id: 'foreign' })]))).toEqual(['a', 'c']);
  });

  it('never go into themselves, what is in them, smart or foreign ones', () => {
    const list = [one('a'), one('b', { parent_id: 'a' }), one('c', { parent_id: 'b' }), one('d'), one('e', { kind: 'smart' }), one('f', { level: 'edit' })];
    expect(ids(possibleParents(list, list[0] ?? null))).toEqual(['d']);
    expect(ids(possibleParents(list, null))).toEqual(['a', 'b', 'c', 'd']);
  });

  it('take photos by what the reader may do', () => {
    expect(takesPhotos(one('a', { level: 'contribute' }))).toBe(true);
    expect(takesPhotos(one('a', { level: 'download' }))).toBe(false);
    expect(takesPhotos(one('a', { kind: 'smart' }))).toBe(false);
    expect(belongs(one('a', { level: 'view' }), 'shared')).toBe(true);
  });
});
