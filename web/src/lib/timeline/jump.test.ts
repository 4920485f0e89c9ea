import { describe, expect, it } from 'vitest';
import type { Buckets } from '../library/buckets';
import { alone } from '../library/gather';
import type { Tile } from '../library/tile';
import { jumpFrom } from './jump';

const bucket = (key: string, to: string, days: string[] | null): Buckets[number] => ({
  ...alone({ key, from: `${key}-01`, to, count: 1 }),
  stale: false,
  tiles: days?.map((day) => ({ id: day, local: `${day}T10:00:00` }) as Tile) ?? null,
});

const buckets: Buckets = [
  bucket('2024-05', '2024-06-01', ['2024-05-20', '2024-05-20', '2024-05-03']),
  bucket('2024-02', '2024-03-01', ['2024-02-11']),
  bucket('2023-12', '2024-01-01', null),
  bucket('2021-07', '2021-08-01', ['2021-07-30']),
];

describe('jumps', () => {
  it('go to the next day, month and year that has something', () => {
    expect(jumpFrom(buckets, '2024-05-20', 'day', -1)).toBe('2024-05-03');
    expect(jumpFrom(buckets, '2024-05-20', 'month', -1)).toBe('2024-02-29');
    expect(jumpFrom(buckets, '2024-05-20', 'year', -1)).toBe('2023-12-31');
    expect(jumpFrom(buckets, '2021-07-30', 'year', -1)).toBeNull();
  });

  it('go back to where that day, month or year begins', () => {
    expect(jumpFrom(buckets, '2024-02-11', 'day', 1)).toBe('2024-05-03');
    expect(jumpFrom(buckets, '2021-07-30', 'year', 1)).toBe('2023-12-31');
    expect(jumpFrom(buckets, '2023-12-05', 'year', 1)).toBe('2024-05-31');
    expect(jumpFrom(buckets, '2024-05-20', 'month', 1)).toBeNull();
  });
});
