import { describe, expect, it } from 'vitest';
import { swipeOf } from './gestures';
import { closeUp, confine, fit, FITTED, maxZoom, oneToOne, wantsOriginal, zoomAt } from './zoom';

const stage = { w: 1000, h: 600 };
const photo = { w: 4000, h: 3000 };
const fitted = fit(photo, stage);

describe('zoom', () => {
  it('fits large pictures and leaves small ones at their own size', () => {
    expect(fitted).toEqual({ w: 800, h: 600 });
    expect(fit({ w: 64, h: 32 }, stage)).toEqual({ w: 64, h: 32 });
  });

  it('finds 1:1 on dense screens too', () => {
    expect(oneToOne(photo, fitted, 1)).toBe(5);
    expect(oneToOne(photo, fitted, 2)).toBe(2.5);
    expect(closeUp({ w: 64, h: 32 }, { w: 64, h: 32 }, 1)).toBe(2);
  });

  it('keeps what is under the pointer', () => {
    const point = { x: 200, y: -100 };
    const view = zoomAt(FITTED, 4, point);
    const under = (v: typeof view) => ({ x: (point.x - v.x) / v.zoom, y: (point.y - v.y) / v.zoom });
    expect(under(view)).toEqual(under(FITTED));
  });

  it('never shows more emptiness than the fitted picture does', () => {
    const most = maxZoom(photo, fitted, 1);
    expect(confine({ zoom: 2, x: 9999, y: -9999 }, fitted, stage, most)).toEqual({ zoom: 2, x: 300, y: -300 });
    expect(confine({ zoom: 0.2, x: 50, y: 50 }, fitted, stage, most)).toEqual({ zoom: 1, x: 0, y: 0 });
    expect(confine({ zoom: 99, x: 0, y: 0 }, fitted, stage, most).zoom).toBe(most);
  });

  it('asks for the original only when the preview is too coarse', () => {
    expect(wantsOriginal(1, fitted, 1440, 1)).toBe(false);
    expect(wantsOriginal(3, fitted, 1440, 1)).toBe(true);
  });
});

describe('swipes', () => {
  const still = { x: 0, y: 0 };

  it('are far enough or quick enough', () => {
    expect(swipeOf({ x: -90, y: 10 }, still)).toBe('next');
    expect(swipeOf({ x: 40, y: 10 }, { x: 0.9, y: 0 })).toBe('previous');
    expect(swipeOf({ x: 40, y: 10 }, still)).toBeNull();
  });

  it('down closes, up does nothing', () => {
    expect(swipeOf({ x: 10, y: 150 }, still)).toBe('close');
    expect(swipeOf({ x: 10, y: -150 }, still)).toBeNull();
  });
});
