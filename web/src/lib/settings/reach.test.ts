import { describe, expect, it } from 'vitest';
import { reachesAll, scopesOf } from './reach';

describe('the reach of a key', () => {
  it('asks for no more than was chosen', () => {
    expect(scopesOf('all', ['assets:delete'])).toBeNull();
    expect(scopesOf('look', ['assets:delete'])).toEqual(['assets:read']);
    expect(scopesOf('add', [])).toEqual(['assets:read', 'assets:write']);
    expect(scopesOf('some', ['assets:share'])).toEqual(['assets:share']);
  });

  it('is everything when nothing of the owner is missing', () => {
    expect(reachesAll(['assets:read', 'assets:write'], ['assets:write', 'assets:read'])).toBe(true);
    expect(reachesAll(['assets:read'], ['assets:write', 'assets:read'])).toBe(false);
  });
});
