import { describe, expect, it } from 'vitest';
import { clampAspect, layOut, measuresFor, type Sized } from './timeline';

const measures = measuresFor(1200);

function items(...days: [string, number[]][]): Sized[] {
  let n = 0;
  return days.flatMap(([day, aspects]) => aspects.map((aspect) => ({ id: `a${n++}`, day, aspect })));
}

const many = (count: number): number[] => Array.from({ length: count }, (_, at) => [1.5, 0.667, 1, 1.778][at % 4] ?? 1);

describe('justified rows', () => {
  const layout = layOut(items(['2024-05-12', many(40)]), measures);
  const group = layout.bands[0]?.groups[0];

  it('fills every row but the last to the edge', () => {
    for (const row of group?.rows.slice(0, -1) ?? []) {
      const last = row.boxes.at(-1);
      expect((last?.x ?? 0) + (last?.w ?? 0)).toBeCloseTo(measures.width, 6);
    }
  });

  it('keeps rows near the wished height', () => {
    for (const row of group?.rows ?? []) {
      expect(row.h).toBeGreaterThan(measures.rowHeight * 0.6);
      expect(row.h).toBeLessThan(measures.rowHeight * 1.6);
    }
  });

  it('shows each asset once, in order, uncropped', () => {
    const boxes = group?.rows.flatMap((row) => row.boxes) ?? [];
    expect(boxes.map((box) => box.index)).toEqual([...Array(40).keys()]);
    for (const box of boxes) expect(box.w / box.h).toBeCloseTo(many(40)[box.index] ?? 0, 6);
  });

  it('does not enlarge the last row', () => {
    expect(layOut(items(['2024-05-12', [1]]), measures).bands[0]?.groups[0]?.rows[0]?.h).toBe(measures.rowHeight);
  });
});

describe('bands', () => {
  it('puts small days side by side and starts a new band when they do not fit', () => {
    const layout = layOut(items(['d1', [1]], ['d2', [1]], ['d3', [1.5, 1.5]], ['d4', [1]]), measures);
    expect(layout.bands.map((band) => band.groups.map((group) => group.day))).toEqual([['d1', 'd2', 'd3'], ['d4']]);
  });

  it('never lets days that share a band overlap or run out of it', () => {
    const days = Array.from({ length: 60 }, (_, at): [string, number[]] => [`d${at}`, many((at % 3) + 1)]);
    for (const width of [320, 390, 800, 1440, 3840]) {
      const own = measuresFor(width);
      for (const band of layOut(items(...days), own).bands) {
        let edge = 0;
        for (const group of band.groups) {
          expect(group.x).toBeGreaterThanOrEqual(edge - 0.01);
          edge = group.x + group.w;
        }
        expect(edge).toBeLessThanOrEqual(width + 0.01);
      }
    }
  });

  it('stacks bands without overlap', () => {
    const layout = layOut(items(['d1', many(30)], ['d2', many(2)], ['d3', many(25)]), measures);
    for (const [at, band] of layout.bands.entries()) {
      const next = layout.bands[at + 1];
      if (next) expect(next.y).toBeGreaterThanOrEqual(band.y + band.h);
    }
    const last = layout.bands.at(-1);
    expect(layout.height).toBeCloseTo((last?.y ?? 0) + (last?.h ?? 0), 6);
  });

  it('gives a day that comes twice two keys', () => {
    const keys = layOut(items(['d1', [1]], ['d2', [1]], ['d1', [1]]), measures).bands.flatMap((band) =>
      band.groups.map((group) => group.key),
    );
    expect(new Set(keys).size).toBe(3);
  });

  it('is empty for nothing', () => {
    expect(layOut([], measures)).toEqual({ bands: [], height: 0 });
  });
});

describe('aspect', () => {
  it('is square while unknown and limited when extreme', () => {
    expect(clampAspect(null, null)).toBe(1);
    expect(clampAspect(0, 10)).toBe(1);
    expect(clampAspect(10_000, 500)).toBe(3);
    expect(clampAspect(100, 2000)).toBe(0.5);
    expect(clampAspect(300, 200)).toBe(1.5);
  });
});
