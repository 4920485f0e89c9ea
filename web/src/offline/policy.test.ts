import { describe, expect, it } from 'vitest';
import { handlingOf, surplus } from './policy';

const origin = 'https://vault.example';
const id = '0192f0c1-2b3c-7d4e-8f50-112233445566';
const ask = (path: string, mode = 'cors', method = 'GET') => handlingOf({ method, mode, url: new URL(path, origin) }, origin);

describe('the service worker', () => {
  it('keeps what was seen', () => {
    expect(ask('/photos', 'navigate')).toBe('page');
    expect(ask('/assets/index-abc.js')).toBe('built');
    expect(ask(`/api/v1/assets/${id}/renditions/thumb?v=1`)).toBe('picture');
    expect(ask('/api/v1/timeline?q=is:favourite')).toBe('facts');
    expect(ask(`/api/v1/assets/${id}`)).toBe('facts');
  });

  it('leaves alone what changes, streams, is large, or is not for keeping', () => {
    for (const path of ['/api/v1/events', `/api/v1/assets/${id}/content`, '/api/v1/shared/token', '/api/v1/users', '/health/ready', '/api/v1/timeline?q=is:locked']) {
      expect(ask(path)).toBe('pass');
    }
    expect(ask('/api/v1/assets', 'cors', 'POST')).toBe('pass');
    expect(ask('https://elsewhere.example/photos', 'navigate')).toBe('pass');
    expect(ask('/api/docs', 'navigate')).toBe('pass');
  });

  it('lets the oldest go', () => {
    expect(surplus([1, 2, 3], 2)).toEqual([1]);
    expect(surplus([1], 2)).toEqual([]);
  });
});
