import { describe, expect, it } from 'vitest';
import { expiresAt, isLinkPassword, stateOf, viewLimit } from './link';

const now = Date.parse('2026-05-01T12:00:00Z');
const link = { revoked_at: null, expires_at: null, views: 0, max_views: null };

describe('a link', () => {
  it('works until it is revoked, over or used up', () => {
    expect(stateOf(link, now)).toBe('active');
    expect(stateOf({ ...link, expires_at: '2026-05-01T12:00:01Z' }, now)).toBe('active');
    expect(stateOf({ ...link, expires_at: '2026-05-01T12:00:00Z' }, now)).toBe('expired');
    expect(stateOf({ ...link, views: 3, max_views: 3 }, now)).toBe('usedUp');
    expect(stateOf({ ...link, revoked_at: '2026-04-01T00:00:00Z', views: 3, max_views: 3 }, now)).toBe('revoked');
  });

  it('ends after the chosen time, or with the chosen day', () => {
    expect(expiresAt('never', '', now)).toBeNull();
    expect(expiresAt('week', '', now)).toBe('2026-05-08T12:00:00.000Z');
    expect(expiresAt('date', '2026-05-09', now)).toBe(new Date('2026-05-09T23:59:59').toISOString());
    expect(expiresAt('date', '2020-01-01', now)).toBeUndefined();
    expect(expiresAt('date', '', now)).toBeUndefined();
  });

  it('counts whole visits only', () => {
    expect([viewLimit(''), viewLimit('5'), viewLimit('0'), viewLimit('2.5'), viewLimit('many')]).toEqual([null, 5, undefined, undefined, undefined]);
  });

  it('takes no password, or one that is long enough', () => {
    expect([isLinkPassword(''), isLinkPassword('short'), isLinkPassword('longer')]).toEqual([true, false, true]);
  });
});
