import { describe, expect, it } from 'vitest';
import type { Asset } from '../api/types';
import { en } from '../i18n/en';
import { factsOf } from './facts';

const bare = {
  file_name: 'IMG_1.JPG',
  mime_type: 'image/jpeg',
  size: 2_400_000,
  version: 1,
  width: null,
  height: null,
  duration: null,
  captured_at: null,
  camera: null,
  location: null,
  created_at: '2026-11-21T10:00:00Z',
} as Asset;

const lines = (asset: Asset, key: string): string[] => factsOf(asset, en, 'en').find((fact) => fact.key === key)?.lines ?? [];

describe('facts', () => {
  it('leave out what is not known', () => {
    expect(factsOf(bare, en, 'en').map((fact) => fact.key)).toEqual(['taken', 'file', 'added']);
    expect(lines(bare, 'taken')).toContain(en.info.timeUnknown);
  });

  it('name offset and source of the time', () => {
    const asset = { ...bare, captured_at: { local: '2024-05-12T14:03:00', offset: '+02:00', utc: null, source: 'exif:DateTimeOriginal' } };
    const [date, time, source] = lines(asset, 'taken');
    expect(date).toBe('May 12, 2024');
    expect(time).toMatch(/^Sunday.*2:03:00.* · UTC\+02:00$/);
    expect(source).toBe('from EXIF DateTimeOriginal');
    expect(lines({ ...asset, captured_at: { ...asset.captured_at, offset: null } }, 'taken')[1]).toContain('not recorded');
  });

  it('do not repeat the maker and join the settings', () => {
    const camera = { make: 'Canon', model: 'Canon EOS R5', lens: null, iso: 100, aperture: 2.8, exposure: 0.002, focal_length: 50 };
    expect(lines({ ...bare, camera }, 'camera')).toEqual(['Canon EOS R5', 'ƒ/2.8 · 1/500 s · 50 mm · ISO 100']);
    expect(lines({ ...bare, camera: { ...camera, make: 'Apple', model: 'iPhone 12' } }, 'camera')[0]).toBe('Apple iPhone 12');
  });

  it('give size, pixels and type of the file', () => {
    expect(lines({ ...bare, width: 4000, height: 3000 }, 'file')).toEqual([
      'IMG_1.JPG',
      '2.4 MB · 4,000 × 3,000 · 12 MP',
      'image/jpeg · Version 1',
    ]);
  });
});
