import { describe, expect, it } from 'vitest';
import { chipsOf, completed, filterOf, partAt, positionIn, unfinished, withFilter, withoutPart } from './query';

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

  it('knows what is being written, and completes it', () => {
    expect(unfinished('sea tag:ho')).toBe('tag:ho');
    expect(unfinished('sea ')).toBe('');
    expect(completed('sea tag:ho', 'tag:"my holidays"')).toBe('sea tag:"my holidays" ');
    expect(completed('', 'type:image')).toBe('type:image ');
  });

  it('shows filters apart from words, and takes one away', () => {
    const q = 'sea -tag:work camera:"Pocket 4" 10:30';
    expect(chipsOf(q).map(({ key, value, negated }) => [key, value, negated])).toEqual([
      ['tag', 'work', true],
      ['camera', 'Pocket 4', false],
    ]);
    expect(withoutPart(q, 'camera:"Pocket 4"')).toBe('sea -tag:work 10:30');
    expect(filterOf('camera', 'Pocket 4')).toBe('camera:"Pocket 4"');
  });
});
