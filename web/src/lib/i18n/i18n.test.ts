import { describe, expect, it } from 'vitest';
import { de } from './de';
import { en } from './en';
import { bytes, coordinates, duration, exposure, wallTime } from './format';
import { ApiError, problem } from '../api/client';
import type { Language } from './i18n.svelte';
import { explain } from './problem';

function shape(value: unknown, path = ''): string[] {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) => shape(inner, `${path}.${key}`));
  }
  return [`${path}:${typeof value}`];
}

function texts(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(texts);
  return typeof value === 'string' ? [value] : [];
}

/** The parts of the page that bring their own words, by path. */
const parts = import.meta.glob<{ words: Record<Language, unknown> }>('../**/words.ts', { eager: true });

describe.each(Object.entries(parts))('%s', (_, { words }) => {
  it('has the same keys in every language, none without words', () => {
    expect(shape(words.de)).toEqual(shape(words.en));
    for (const text of [...texts(words.en), ...texts(words.de)]) expect(text.trim()).not.toBe('');
  });
});

describe('dictionaries', () => {
  it('have the same keys', () => {
    expect(shape(de)).toEqual(shape(en));
  });

  it('leave no text empty', () => {
    for (const text of [...texts(en), ...texts(de)]) expect(text.trim()).not.toBe('');
  });

  it('count one and many', () => {
    expect([en.library.count(1), en.library.count(1200)]).toEqual(['1 item', '1,200 items']);
    expect([de.library.count(1), de.library.count(1200)]).toEqual(['1 Objekt', '1.200 Objekte']);
  });
});

/** `Intl` joins number and unit by a space that does not break. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('formats', () => {
  it('show sizes in decimal units', () => {
    expect(bytes(0, 'en')).toBe('0 bytes');
    expect(bytes(12_400_000, 'en')).toBe('12.4 MB');
    expect(plain(bytes(999_960_000, 'de'))).toBe('1 GB');
    expect(plain(bytes(1_530_000, 'de'))).toBe('1,5 MB');
  });

  it('show stretches of time in two units', () => {
    expect(duration(0.2, 'en')).toBe('1 sec');
    expect(duration(200, 'en')).toBe('3 min 20 sec');
    expect(duration(7_500, 'en')).toBe('2 hr 5 min');
  });

  it('show exposure, place and wall time as photographers do', () => {
    expect(exposure(0.005, 'en')).toBe('1/200 s');
    expect(exposure(1.3, 'de')).toBe('1,3 s');
    expect(coordinates(48.1371, -11.5754, 'en')).toBe('48.13710° N, 11.57540° W');
    expect(wallTime('2024-05-12T14:03:00', 'de')).toContain('14:03');
  });
});

describe('problems', () => {
  it('are told in the reader’s language', () => {
    const wrong = new ApiError({ ...problem(401, 'bad_credentials', 'E-mail or password is wrong') });
    expect(explain(wrong, de, 'de')).toBe('E-Mail oder Passwort ist falsch.');
    expect(explain(new ApiError(problem(0, 'network', 'x')), en, 'en')).toBe(en.problem.network);
  });

  it('name the wait and the request', () => {
    const busy = new ApiError(problem(429, 'too_many_requests', 'x'), 90);
    expect(explain(busy, en, 'en')).toBe('Too many attempts. Try again in 1 min 30 sec.');
    const broken = new ApiError({ ...problem(500, 'internal', 'x'), request_id: 'r1' });
    expect(explain(broken, en, 'en')).toContain('r1');
  });

  it('fall back to the server’s words for codes we do not know', () => {
    expect(explain(new ApiError(problem(400, 'new_code', 'Said by the server')), de, 'de')).toBe('Said by the server');
  });
});
