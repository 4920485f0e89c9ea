// Every address of the page, both ways. Pure.

export type View = 'photos' | 'favourites' | 'trash' | 'search';

/** What a grid shows. `q` is only used by search. */
export interface Scope {
  view: View;
  q: string;
}

export type Route =
  | { name: 'library'; scope: Scope; open: string | null }
  | { name: 'settings' }
  | { name: 'missing' };

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function parseRoute(path: string, search: string): Route {
  const params = new URLSearchParams(search);
  const q = params.get('q') ?? '';
  const parts = path.split('/').filter((part) => part !== '');
  const [first, second] = parts;
  if (parts.length > 2) return { name: 'missing' };
  if (first === undefined) return library({ view: 'photos', q: '' });
  if (first === 'photos' && second !== undefined) {
    return ID.test(second) ? library(scopeBehind(params), second) : { name: 'missing' };
  }
  if (second !== undefined) return { name: 'missing' };
  switch (first) {
    case 'photos':
    case 'favourites':
    case 'trash':
      return library({ view: first, q: '' });
    case 'search':
      return library({ view: 'search', q });
    case 'settings':
      return { name: 'settings' };
    default:
      return { name: 'missing' };
  }
}

/** The grid that lies behind an open asset: `?in=trash`, `?q=beach`, else all photos. */
function scopeBehind(params: URLSearchParams): Scope {
  const within = params.get('in');
  if (within === 'favourites' || within === 'trash') return { view: within, q: '' };
  const q = params.get('q');
  return q === null ? { view: 'photos', q: '' } : { view: 'search', q };
}

function library(scope: Scope, open: string | null = null): Route {
  return { name: 'library', scope, open };
}

export function scopeKey(scope: Scope): string {
  return scope.view === 'search' ? `search?${scope.q}` : scope.view;
}

export function scopeHref(scope: Scope): string {
  if (scope.view !== 'search') return `/${scope.view}`;
  return scope.q === '' ? '/search' : `/search?${new URLSearchParams({ q: scope.q })}`;
}

export function assetHref(scope: Scope, id: string): string {
  switch (scope.view) {
    case 'photos':
      return `/photos/${id}`;
    case 'search':
      return `/photos/${id}?${new URLSearchParams({ q: scope.q })}`;
    default:
      return `/photos/${id}?in=${scope.view}`;
  }
}
