import { describe, expect, it } from 'vitest';
import type { TimelineBucket } from '../api/timeline';
import { gather } from './gather';

const month = (key: string, count: number): TimelineBucket => ({ key, from: `${key}-01`, to: `${key}-31`, count });
const counts = (buckets: TimelineBucket[], most = 100): number[][] =>
  gather(buckets, most).map((stretch) => stretch.parts.map((part) => part.count));

describe('sparse months', () => {
  it('are put together, as long as they are few enough', () => {
    expect(counts([month('2024-05', 40), month('2024-03', 30), month('2024-01', 50)])).toEqual([[40, 30], [50]]);
    const [first] = gather([month('2024-05', 40), month('2024-03', 30)], 100);
    expect(first).toMatchObject({ key: '2024-03..2024-05', from: '2024-03-01', to: '2024-05-31', count: 70 });
  });

  it('leave full ones alone, and days beside a full day go together as well', () => {
    const day = (key: string, count: number): TimelineBucket => ({ key, from: key, to: `${key}x`, count });
    expect(counts([day('2024-05-20', 900), day('2024-05-19', 3), day('2024-05-02', 2), day('2024-05-01', 800)])).toEqual([
      [900],
      [3, 2],
      [800],
    ]);
  });

  it('stay inside their year, unless whole years of a decade are sparse', () => {
    expect(counts([month('2024-01', 60), month('2023-12', 30), month('2023-06', 80)])).toEqual([[60], [30], [80]]);
    expect(counts([month('2024-01', 10), month('2023-12', 20), month('2020-06', 30), month('2019-06', 5)])).toEqual([
      [10, 20, 30],
      [5],
    ]);
  });

  it('lose nothing', () => {
    const all = Array.from({ length: 200 }, (_, at) => month(`${2024 - Math.floor(at / 12)}-${String(12 - (at % 12)).padStart(2, '0')}`, (at * 7) % 90));
    const stretches = gather(all, 100);
    expect(stretches.flatMap((stretch) => stretch.parts)).toEqual(all);
    for (const stretch of stretches) expect(stretch.count).toBe(stretch.parts.reduce((sum, part) => sum + part.count, 0));
  });
});
