import { describe, expect, it } from 'vitest';
import { readPosition } from '../library/position';
import { fromField } from './captured';
import { differences } from './revisions';
import { words } from './words';

describe('positions', () => {
  it('are read as people and maps write them', () => {
    expect(readPosition('52.5208, 13.4094')).toEqual({ lat: 52.5208, lon: 13.4094 });
    expect(readPosition('52,5208; 13,4094')).toEqual({ lat: 52.5208, lon: 13.4094 });
    expect(readPosition(' −33.86 151.2 ')).toEqual({ lat: -33.86, lon: 151.2 });
  });

  it('are refused when they are none on Earth', () => {
    for (const text of ['', '12', '91, 0', '0, 181', 'here, there', '1, 2, 3', ',']) expect(readPosition(text)).toBeNull();
  });
});

describe('capture times', () => {
  it('get their seconds from the field or at the full minute', () => {
    expect(fromField('2024-06-21T21:58')).toBe('2024-06-21T21:58:00');
    expect(fromField('2024-06-21T21:58:13')).toBe('2024-06-21T21:58:13');
    expect(fromField('')).toBeNull();
  });
});

describe('revisions', () => {
  const revision = { revision: 2, made_by: null, made_at: '2026-11-21T10:00:00Z' };

  it('tell only what has changed, absent things as none', () => {
    const told = differences({ ...revision, before: { title: null, rating: 3 }, after: { title: 'Sea', rating: 3 } }, words.en);
    expect(told).toEqual([{ field: 'title', before: 'none', after: 'Sea' }]);
  });

  it('tell lists, places and times in short', () => {
    const before = { tags: [], location: { lat: 1, lon: 2 }, captured_at: { local: '2024-05-01T10:00:00', offset: '+02:00' } };
    const after = { tags: ['a', 'b'], location: null, captured_at: null };
    expect(differences({ ...revision, before, after }, words.de).map((one) => [one.before, one.after])).toEqual([
      ['keine Angabe', 'a, b'],
      ['1, 2', 'keine Angabe'],
      ['2024-05-01 10:00:00 +02:00', 'keine Angabe'],
    ]);
  });
});
