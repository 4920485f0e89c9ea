import { describe, expect, it } from 'vitest';
import { parseProblem, parseRetryAfter } from '../src/index.js';

describe('answers', () => {
  it('read Retry-After as seconds or date', () => {
    expect(parseRetryAfter('30')).toBe(30);
    expect(parseRetryAfter('Sat, 21 Nov 2026 10:00:30 GMT', Date.parse('2026-11-21T10:00:00Z'))).toBe(30);
    expect(parseRetryAfter(null)).toBeNull();
    expect(parseRetryAfter('soon')).toBeNull();
  });

  it('turn a proxy’s page into a problem', () => {
    expect(parseProblem(502, '<html>').code).toBe('unavailable');
    expect(parseProblem(413, '{"code":"too_large","status":413}').code).toBe('too_large');
  });
});
