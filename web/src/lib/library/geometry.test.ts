import { describe, expect, it } from 'vitest';
import { carry, placeAt, topFor } from './anchor';
import type { Bucket } from './buckets';
import { alone, gather } from './gather';
import { dayAt, spansWithin, Surveyor, yearsIn, type Geometry } from './geometry';
import { atFalseEnd, barFor, boxHeight, lastTop, moved, TALLEST, type Extent, type Scroll } from './scroll';
import type { Tile } from './tile';
import { measuresFor } from './timeline';

const measures = measuresFor(1200, 900);

function bucket(key: string, count: number, loaded: boolean): Bucket {
  const tiles = Array.from({ length: count }, (_, n) => ({
    id: `${key}-${n}`,
    local: `${key}-${String(28 - Math.floor((n / count) * 28)).padStart(2, '0')}T10:00:00`,
    kind: 'image',
    status: 'ready',
    width: [400, 300, 640][n % 3],
    height: 300,
    thumb: '/t',
  })) as Tile[];
  const told = { key, from: `${key}-01`, to: `${key}-28`, count };
  return { ...alone(told), tiles: loaded ? tiles : null, stale: false };
}

const KEYS = ['2024-12', '2024-11', '2024-10', '2024-09', '2024-08', '2024-07'];
const survey = (loaded: (at: number) => boolean, count = 300): Geometry =>
  new Surveyor().survey(KEYS.map((key, at) => bucket(key, count, loaded(at))), measures);

describe('stretches', () => {
  it('follow each other without gap, loaded or not', () => {
    const { spans, height } = survey((at) => at % 2 === 0);
    let y = 0;
    for (const span of spans) {
      expect(span.y).toBeCloseTo(y, 6);
      y += span.h;
    }
    expect(height).toBeCloseTo(y, 6);
  });

  it('are estimated near what they turn out to be', () => {
    const [guess, truth] = [survey(() => false).height, survey(() => true).height];
    expect(guess / truth).toBeGreaterThan(0.5);
    expect(guess / truth).toBeLessThan(2);
  });

  it('are found where the view is', () => {
    const geometry = survey(() => true);
    const third = geometry.spans[2];
    expect(spansWithin(geometry, third?.y ?? 0, (third?.y ?? 0) + 10)).toEqual([2, 3]);
    expect(spansWithin(geometry, -500, -1)).toEqual([0, 1]);
  });

  it('keep their height when their tiles are let go', () => {
    const surveyor = new Surveyor();
    const loaded = surveyor.survey([bucket('2024-05', 40, true)], measures);
    const dropped = surveyor.survey([bucket('2024-05', 40, false)], measures);
    expect(dropped.height).toBe(loaded.height);
  });
});

describe('a library of few photographs', () => {
  const months = Array.from({ length: 120 }, (_, at) => {
    const key = `${2024 - Math.floor(at / 12)}-${String(12 - (at % 12)).padStart(2, '0')}`;
    return { key, from: `${key}-01`, to: `${key}-28`, count: 2 };
  });
  const stretches = (loaded: boolean): Bucket[] =>
    gather(months, 240).map((stretch) => {
      const tiles = stretch.parts.flatMap((part) => bucket(part.key, part.count, true).tiles ?? []);
      return { ...stretch, tiles: loaded ? tiles : null, stale: false };
    });

  it('shows months side by side instead of one under the other', () => {
    const apart = new Surveyor().survey(months.map((month) => bucket(month.key, month.count, true)), measures);
    const together = new Surveyor().survey(stretches(true), measures);
    expect(together.height).toBeLessThan(apart.height * 0.75);
    const bands = together.spans.flatMap((span) => span.layout?.bands ?? []);
    const mixed = bands.filter((band) => new Set(band.groups.map((group) => group.day.slice(0, 7))).size > 1);
    expect(mixed.length).toBeGreaterThan(bands.length / 3);
  });

  it('heads each month where months are shown, many to a row', () => {
    const { spans } = new Surveyor().survey(stretches(true), measuresFor(1200, 900, 0));
    const bands = spans.flatMap((span) => span.layout?.bands ?? []);
    expect(bands.flatMap((band) => band.groups.map((group) => group.day))).toEqual(months.map((month) => month.key));
    expect(bands.length).toBeLessThan(months.length / 2);
  });

  it('is estimated near what it turns out to be', () => {
    const [guess, truth] = [false, true].map((loaded) => new Surveyor().survey(stretches(loaded), measures).height);
    expect((guess ?? 0) / (truth ?? 1)).toBeGreaterThan(0.6);
    expect((guess ?? 0) / (truth ?? 1)).toBeLessThan(1.6);
  });

  it.each([true, false])('tells its years and days also inside a stretch (tiles known: %s)', (loaded) => {
    const geometry = new Surveyor().survey(stretches(loaded), measures);
    const years = yearsIn(geometry);
    expect(years.map(({ year }) => year)).toEqual(Array.from({ length: 10 }, (_, at) => String(2024 - at)));
    for (const [at, { y }] of years.entries()) expect(y).toBeGreaterThanOrEqual(years[at - 1]?.y ?? 0);
    expect(dayAt(geometry, 0)).toMatch(/^2024-12/);
    expect(dayAt(geometry, geometry.height - 1)).toMatch(/^2015-0[1-3]/);
    expect(dayAt(geometry, geometry.height / 2)).toMatch(/^20(19|20)/);
  });
});

describe('the place in view', () => {
  it('stays when a stretch above gets its true height', () => {
    const before = survey((at) => at >= 3);
    const after = survey(() => true);
    const top = (before.spans[4]?.y ?? 0) + 321;
    const kept = carry(before, after, measures, measures, top, 900);
    expect(kept).not.toBe(top);
    expect(placeAt(after, measures, kept)).toEqual(placeAt(before, measures, top));
  });

  it('stays when assets above and in view go away', () => {
    const all = KEYS.map((key) => bucket(key, 300, true));
    const before = new Surveyor().survey(all, measures);
    const top = (before.spans[2]?.y ?? 0) + 2_000;
    const first = placeAt(before, measures, top)?.id ?? '';
    const gone = new Set([first, '2024-12-5', '2024-10-1', '2024-10-2']);
    const fewer = all.map((one) => ({ ...one, tiles: one.tiles?.filter((tile) => !gone.has(tile.id)) ?? null }));
    const after = new Surveyor().survey(fewer, measures);
    const kept = carry(before, after, measures, measures, top, 900);
    const second = `2024-10-${Number(first.split('-')[2]) + 1}`;
    const y = (geometry: Geometry, at: number): number => topFor(geometry, measures, { day: '2024-10-15', id: second, y: 0 }) - at;
    expect(Math.abs(y(after, kept) - y(before, top))).toBeLessThan(0.001);
  });

  it('stays at its asset when the window becomes narrower', () => {
    const all = KEYS.map((key) => bucket(key, 300, true));
    const narrow = measuresFor(700, 900);
    const [before, after] = [new Surveyor().survey(all, measures), new Surveyor().survey(all, narrow)];
    const top = (before.spans[3]?.y ?? 0) + 1_500;
    const place = placeAt(before, measures, top);
    const kept = carry(before, after, measures, narrow, top, 900);
    expect(place).not.toBeNull();
    if (place) expect(topFor(after, narrow, place)).toBeCloseTo(kept, 6);
  });

  it('comes back after everything was loaded anew', () => {
    const geometry = survey(() => true);
    const place = placeAt(geometry, measures, 5_000);
    expect(place && topFor(geometry, measures, place)).toBeCloseTo(5_000, 6);
  });
});

describe('a grid higher than any box', () => {
  const extent: Extent = { height: 31_000_000, view: 900 };
  const end = boxHeight(extent) - extent.view;

  it('is reached to its ends', () => {
    expect(boxHeight(extent)).toBe(TALLEST);
    expect(barFor(0, extent)).toBe(0);
    expect(barFor(lastTop(extent), extent)).toBe(end);
    expect(moved({ top: 500, bar: 60 }, end, extent).top).toBe(lastTop(extent));
    expect(moved({ top: 9e6, bar: 1e6 }, 0, extent).top).toBe(0);
  });

  it('moves pixel by pixel under a wheel, and in proportion under a pulled bar', () => {
    const from: Scroll = { top: 10_000_000, bar: barFor(10_000_000, extent) };
    expect(moved(from, from.bar + 120, extent).top).toBe(from.top + 120);
    const far = moved(from, from.bar + 500_000, extent);
    expect(barFor(far.top, extent)).toBeCloseTo(from.bar + 500_000, -1);
  });

  it('has its bar put right before the box ends and the grid does not', () => {
    expect(atFalseEnd({ top: 4_000, bar: 0 }, extent)).toBe(true);
    expect(atFalseEnd({ top: 0, bar: 0 }, extent)).toBe(false);
    expect(atFalseEnd({ top: 1_000, bar: end }, extent)).toBe(true);
    expect(atFalseEnd({ top: lastTop(extent), bar: end }, extent)).toBe(false);
  });
});
