import { describe, expect, it } from 'vitest';
import { fingerprint, Notes } from './notes';

function shelf(): Pick<Storage, 'getItem' | 'setItem'> {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
}

describe('notes of uploads', () => {
  it('outlive the page and are forgotten one by one', () => {
    const place = shelf();
    new Notes(place).set('a', '/1');
    new Notes(place).set('b', '/2');
    expect(new Notes(place).get('a')).toBe('/1');
    new Notes(place).set('a', null);
    expect([new Notes(place).get('a'), new Notes(place).get('b')]).toEqual([null, '/2']);
  });

  it('are let go when nobody asks for them', () => {
    const notes = new Notes(shelf());
    notes.set('old', '/1', 0);
    notes.set('new', '/2', 40 * 24 * 60 * 60 * 1000);
    expect([notes.get('old'), notes.get('new')]).toEqual([null, '/2']);
  });

  it('do without a place, and with a damaged one', () => {
    expect(new Notes({ getItem: () => '{', setItem: () => { throw new Error('full'); } }).get('a')).toBeNull();
    const full = new Notes({ getItem: () => null, setItem: () => { throw new Error('full'); } });
    full.set('a', '/1');
    expect(full.get('a')).toBeNull();
  });

  it('know a file by its bytes, or by all that is known of it', () => {
    const file = { name: 'a.mov', size: 5, lastModified: 7 };
    expect(fingerprint(file, 'abc')).toBe('abc');
    expect(fingerprint(file, null)).not.toBe(fingerprint({ ...file, lastModified: 8 }, null));
  });
});
