import { describe, expect, it } from 'vitest';
import { assetHref, parseRoute, scopeHref, type Scope } from './routes';

const id = '0192f0c1-2b3c-7d4e-8f50-112233445566';

describe('routes', () => {
  it('opens photos at the root', () => {
    expect(parseRoute('/', '')).toEqual({ name: 'library', scope: { view: 'photos', q: '' }, open: null });
  });

  const scopes: Scope[] = [
    { view: 'photos', q: '' },
    { view: 'favourites', q: '' },
    { view: 'archive', q: '' },
    { view: 'trash', q: '' },
    { view: 'collection', q: '', id: '0192f0c1-2b3c-7d4e-8f50-aabbccddeeff' },
    { view: 'search', q: 'beach camera:"iPhone 12" ä&b' },
  ];
  for (const scope of scopes) {
    it(`comes back to ${scope.view} from its own address`, () => {
      const url = new URL(scopeHref(scope), 'http://vault');
      expect(parseRoute(url.pathname, url.search)).toEqual({ name: 'library', scope, open: null });
    });
    it(`keeps ${scope.view} behind an open asset`, () => {
      const url = new URL(assetHref(scope, id), 'http://vault');
      expect(parseRoute(url.pathname, url.search)).toEqual({ name: 'library', scope, open: id });
    });
  }

  it('knows the pages beside the grids', () => {
    expect(parseRoute('/shared/links', '')).toEqual({ name: 'shared', tab: 'links' });
    expect(parseRoute('/settings', '')).toEqual({ name: 'settings', section: 'profile' });
    expect(parseRoute('/settings/keys', '')).toEqual({ name: 'settings', section: 'keys' });
    expect(parseRoute('/admin/audit', '')).toEqual({ name: 'admin', section: 'audit' });
    expect(parseRoute('/join/abcDEF_123-', '')).toEqual({ name: 'join', secret: 'abcDEF_123-' });
    expect(parseRoute(`/s/abcDEF_123-/${id}`, '')).toEqual({ name: 'visit', token: 'abcDEF_123-', open: id });
  });

  it('knows what is no address', () => {
    for (const path of ['/photos/nonsense', '/photos/a/b', '/settings/x', '/nowhere', '/collections/x', `/collections/${id}/x`, `/s/a/b/c`]) {
      expect(parseRoute(path, '')).toEqual({ name: 'missing' });
    }
  });
});
