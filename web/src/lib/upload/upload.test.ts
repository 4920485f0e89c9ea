import { File } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { ApiError, problem } from '../api/client';
import { isTransient, waitBefore } from './backoff';
import { fromList, isDebris } from './collect';
import { Meter } from './meter';
import { totalsOf } from './totals';

describe('backoff', () => {
  it('tries again only what may pass', () => {
    const error = (status: number, code: string): ApiError => new ApiError(problem(status, code, ''));
    for (const passing of [error(0, 'network'), error(503, 'unavailable'), error(429, 'too_many_requests'), error(400, 'upload_interrupted')]) {
      expect(isTransient(passing)).toBe(true);
    }
    for (const final of [error(413, 'too_large'), error(415, 'type_not_allowed'), error(507, 'storage_full'), new Error('x')]) {
      expect(isTransient(final)).toBe(false);
    }
  });

  it('waits longer each time, within bounds, and as long as the server says', () => {
    expect(waitBefore(2, null, 0.5)).toBe(1);
    expect(waitBefore(4, null, 0.5)).toBe(4);
    expect(waitBefore(50, null, 1)).toBeLessThanOrEqual(37.5);
    expect(waitBefore(2, 20, 0)).toBe(20);
  });
});

describe('meter', () => {
  it('tells speed and time left from the last seconds', () => {
    const meter = new Meter();
    expect(meter.left(100)).toBeNull();
    for (let second = 0; second <= 20; second += 1) meter.add(second * 1000, second < 10 ? 0 : (second - 10) * 500);
    expect(meter.speed).toBeCloseTo(500, 0);
    expect(meter.left(1000)).toBeCloseTo(2, 1);
  });

  it('guesses no time left from the first moments', () => {
    const meter = new Meter();
    meter.add(0, 0);
    meter.add(1000, 10);
    expect(meter.speed).toBe(10);
    expect(meter.left(1000)).toBeNull();
  });
});

describe('totals', () => {
  it('count files and bytes by what became of them', () => {
    const item = (state: string, size: number, progress: number, arrived: boolean) =>
      ({ state, progress, arrived, size }) as Parameters<typeof totalsOf>[0][number];
    const totals = totalsOf([
      item('done', 100, 0, true),
      item('processing', 100, 0, true),
      item('duplicate', 50, 0, true),
      item('sending', 100, 40, false),
      item('failed', 900, 0, false),
      item('cancelled', 900, 0, false),
    ]);
    expect(totals).toMatchObject({ all: 6, settled: 5, added: 2, duplicate: 1, failed: 1, cancelled: 1 });
    expect(totals).toMatchObject({ bytes: 350, bytesDone: 290, bytesSent: 240 });
  });
});

describe('collected files', () => {
  it('leave out what systems strew into folders', () => {
    expect(['.DS_Store', 'Thumbs.db', '._IMG_1.jpg'].every(isDebris)).toBe(true);
    expect(fromList([new File(['x'], 'a.jpg'), new File(['x'], '.DS_Store')] as Iterable<never>).map((one) => one.path)).toEqual(['a.jpg']);
  });
});
