import { describe, expect, it } from 'vitest';
import { isolate, isolating } from './isolate';

const NAME = 'שלום עולם (2024).jpg';

describe('names of another direction', () => {
  it('stand by themselves in a sentence, and all others are left as they are', () => {
    const words = isolating({ open: (name: string, n: number) => `Open ${name}, ${n} of 3`, nested: { lines: ['one', 'two'], plain: 'Plain' } });
    expect(words.open(NAME, 2)).toBe(`Open \u2068${NAME}\u2069, 2 of 3`);
    expect(words.open('fjord.jpg', 2)).toBe('Open fjord.jpg, 2 of 3');
    expect(words.nested).toEqual({ lines: ['one', 'two'], plain: 'Plain' });
  });

  it('are known by their letters, whatever stands around them', () => {
    expect(isolate('IMG 12 صورة.jpg')).toBe('\u2068IMG 12 صورة.jpg\u2069');
    expect(isolate('Größe 北京 🌊.jpg')).toBe('Größe 北京 🌊.jpg');
  });

  it('are looked through once for the same words', () => {
    const words = { a: () => 'a' };
    expect(isolating(words)).toBe(isolating(words));
  });
});
