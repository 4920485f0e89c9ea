import { describe, expect, it } from 'vitest';
import type { Span } from './geometry';
import { layOut, measuresFor, type Sized } from './timeline';
import { bandsWithin, boxesWithin, entry, place, ration, shownOf, vertical, withIndex, type Shown } from './window';

const measures = measuresFor(1200);
const items: Sized[] = Array.from({ length: 10_000 }, (_, at) => ({
  id: `a${at}`,
  aspect: [1.5, 0.75, 1][at % 3] ?? 1,
  day: `d${Math.floor(at / 97)}`,
}));
const layout = layOut(items, measures);

function visible(top: number, bottom: number): number[] {
  const [first, end] = bandsWithin(layout, top, bottom);
  return layout.bands
    .slice(first, end)
    .flatMap((band) =>
      band.groups.flatMap((group) => boxesWithin(group, band.y + measures.heading, top, bottom).map((box) => box.index)),
    );
}

describe('windowing', () => {
  it('draws a bounded number wherever one is in ten thousand', () => {
    for (let top = 0; top < layout.height; top += 7_777) {
      expect(visible(top, top + 900).length).toBeLessThan(80);
    }
  });

  it('leaves out nothing that is in view', () => {
    for (const index of [0, 1, 500, 5_000, 9_999]) {
      const spot = place(layout, measures, index);
      expect(spot).not.toBeNull();
      expect(visible(spot?.top ?? 0, spot?.bottom ?? 0)).toContain(index);
    }
  });

  it('finds nothing outside', () => {
    expect(visible(layout.height + 10, layout.height + 900)).toEqual([]);
    expect(place(layout, measures, items.length)).toBeNull();
  });
});

describe('a screen of new tiles', () => {
  const span: Span = { bucket: {} as Span['bucket'], y: 5_000, h: layout.height, layout };
  const [top, bottom] = [6_000, 6_900];
  const wished = shownOf(span, measures, top - 900, bottom + 900);
  const ids = (shown: Shown[]): string[] => shown.flatMap((one) => one.boxes.map((box) => box.id));
  const above = (shown: Shown[]): number =>
    shown.flatMap((one) => one.boxes.filter((box) => one.span.y + one.band.y + box.y + box.h <= top)).length;

  it('comes in portions, what is in view first, until all is there', () => {
    let [part, whole] = ration(wished, new Set(), 10, top, bottom);
    expect(whole).toBe(false);
    expect(ids(part)).toHaveLength(10);
    expect(above(part)).toBe(0);
    let frames = 1;
    while (!whole) {
      const before = new Set(ids(part));
      [part, whole] = ration(wished, before, 10, top, bottom);
      expect(ids(part).length - before.size).toBeLessThanOrEqual(10);
      frames += 1;
    }
    expect(ids(part)).toEqual(ids(wished));
    expect(frames).toBe(Math.ceil(ids(wished).length / 10));
  });

  it('is drawn at once where most of it is there', () => {
    const there = new Set(ids(wished).slice(3));
    expect(ration(wished, there, 10, top, bottom)).toEqual([wished, true]);
  });

  it('has the tile with the focus, wherever it is', () => {
    const far = withIndex(wished, span, measures, 9_000);
    expect(ids(far)).toEqual([...ids(wished), 'a9000']);
    const near = wished[0]?.boxes[0]?.index ?? -1;
    expect(withIndex(wished, span, measures, near)).toBe(wished);
  });
});

describe('arrow keys', () => {
  const go = (index: number, way: 1 | -1): number | null => vertical(layout, measures, index, way);

  it('go down to the nearest column, across days, and out at the end', () => {
    let index = 2;
    for (let presses = 0; presses < 3_000; presses += 1) {
      const next = go(index, 1);
      if (next === null) break;
      const [from, there] = [place(layout, measures, index), place(layout, measures, next)];
      expect(there?.top ?? 0).toBeGreaterThan(from?.top ?? 0);
      index = next;
    }
    expect(place(layout, measures, index)?.band).toBe(layout.bands.at(-1));
  });

  it('go up again, and out at the beginning', () => {
    const below = go(300, 1) ?? -1;
    expect(place(layout, measures, go(below, -1) ?? -1)?.top).toBe(place(layout, measures, 300)?.top);
    expect(go(0, -1)).toBeNull();
  });

  it('come in at the row that is next to where they left', () => {
    expect(entry(layout, 'first', 0)).toBe(0);
    expect(entry(layout, 'last', Infinity)).not.toBeNull();
    expect(entry(layout, 'first', 1e9)).toBeGreaterThan(0);
  });

  it('cross days that share a band', () => {
    const small: Sized[] = Array.from({ length: 12 }, (_, at) => ({ id: `s${at}`, aspect: 1, day: `d${at}` }));
    const own = layOut(small, measures);
    expect(own.bands.length).toBeGreaterThan(1);
    const perBand = own.bands[0]?.groups.length ?? 0;
    expect(vertical(own, measures, 1, 1)).toBe(perBand + 1);
  });
});
