import { describe, expect, it } from 'vitest';
import { matching, type Command } from './palette';

const commands = ['Photos', 'Move to trash', 'Trash', 'Über diese Seite', 'Photo archive'].map(
  (label): Command => ({ id: label, label, group: '', keys: '', run: () => {} }),
);
const found = (typed: string): string[] => matching(commands, typed).map(({ label }) => label);

describe('the palette', () => {
  it('offers everything before anything is typed', () => {
    expect(found(' ')).toHaveLength(commands.length);
  });

  it('puts what begins with the letters before what only has them', () => {
    expect(found('trash')).toEqual(['Trash', 'Move to trash']);
    expect(found('arch')).toEqual(['Photo archive']);
  });

  it('finds by first letters, and without case and accents', () => {
    expect(found('mtt')).toEqual(['Move to trash']);
    expect(found('UBER')).toEqual(['Über diese Seite']);
    expect(found('zz')).toEqual([]);
  });
});
