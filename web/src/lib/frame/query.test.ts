import { describe, expect, it } from 'vitest';
import { partAt, positionIn, withFilter } from './query';

describe('query help', () => {
  it('adds a filter and replaces one of the same key', () => {
    expect(withFilter('sea', 'type:image')).toBe('sea type:image ');
    expect(withFilter('type:video sea', 'type:image')).toBe('sea type:image ');
    expect(withFilter('camera:"iPhone 12" sea', 'camera:')).toBe('sea camera:');
  });

  it('finds the part at a position counted in characters', () => {
    expect(partAt('sea type:picture x', 4)).toBe('type:picture');
    expect(partAt('🌊🌊 "open quote', 3)).toBe('"open quote');
    expect(partAt('sea', 9)).toBe('');
  });

  it('reads the position from the explanation', () => {
    expect(positionIn('expected one of image, video (at character 4)')).toBe(4);
    expect(positionIn('no place named')).toBeNull();
  });
});
