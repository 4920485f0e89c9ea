import { describe, expect, it } from 'vitest';
import type { Asset } from '../api/types';
import { dayLabel, dayOf } from './day';

const words = { today: 'Today', yesterday: 'Yesterday', noDate: 'No date' };

function asset(id: string, local: string | null, created = '2026-11-21T10:00:00Z'): Asset {
  const captured_at = local === null ? null : { local, offset: null, utc: null, source: 'exif' };
  return { id, captured_at, created_at: created } as Asset;
}

describe('days', () => {
  it('are those of the wall clock, whatever the zone', () => {
    expect(dayOf(asset('a', '2024-05-12T23:59:59'))).toBe('2024-05-12');
  });

  it('fall back to when the file was added', () => {
    expect(dayOf(asset('a', null, '2024-05-12T12:00:00Z'))).toBe('2024-05-12');
  });

  it('are named as people name them', () => {
    expect(dayLabel('2026-11-21', '2026-11-21', 'en', words)).toBe('Today');
    expect(dayLabel('2026-11-20', '2026-11-21', 'en', words)).toBe('Yesterday');
    expect(dayLabel('2026-05-12', '2026-11-21', 'de', words)).toBe('Dienstag, 12. Mai');
    expect(dayLabel('2018-05-12', '2026-11-21', 'en-US', words)).toBe('Sat, May 12, 2018');
    expect(dayLabel('2018-05', '2026-11-21', 'de', words)).toBe('Mai 2018');
    expect(dayLabel('', '2026-11-21', 'en', words)).toBe('No date');
  });
});
