// Every address of the page, both ways. Pure.

/** Grids that need no more than their name. */
const PLAIN_VIEWS = ['photos', 'favourites', 'archive', 'locked', 'trash'] as const;
type PlainView = (typeof PLAIN_VIEWS)[number];
export type View = PlainView | 'search' | 'collection';

/** What a grid shows. `q` is only used by search. */
export type Scope =
  | { view: PlainView | 'search'; q: string }
  | { view: 'collection'; q: ''; id: string };

export const SHARED_TABS = ['with-me', 'by-me', 'links'] as const;
export type SharedTab = (typeof SHARED_TABS)[number];
export const SETTINGS_SECTIONS = ['profile', 'keys', 'sessions', 'storage', 'export'] as const;
export type SettingsSection = (typeof SETTINGS_SECTIONS)[number];
export const ADMIN_SECTIONS = ['users', 'invitations', 'roles', 'jobs', 'storage', 'integrity', 'folders', 'settings', 'audit'] as const;
export type AdminSection = (typeof ADMIN_SECTIONS)[number];

export type Route =
  | { name: 'library'; scope: Scope; open: string | null }
  | { name: 'collections' }
  | { name: 'shared'; tab: SharedTab }
  | { name: 'settings'; section: SettingsSection }
  | { name: 'import' }
  /** Null is the first part that one may see. */
  | { name: 'admin'; section: AdminSection | null }
  /** Somebody follows a link: no account needed. */
  | { name: 'visit'; token: string; open: string | null }
  | { name: 'join'; secret: string }
  | { name: 'missing' };

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Tokens of links and invitations: base64url. */
const TOKEN = /^[\w-]{8,200}$/;
const MISSING: Route = { name: 'missing' };

export function parseRoute(path: string, search: string): Route {
  const params = new URLSearchParams(search);
  const [first, ...rest] = path.split('/').filter((part) => part !== '');
  if (first === undefined) return library({ view: 'photos', q: '' });
  const found = rest.length === 0 ? alone(first, params) : below(first, rest, params);
  return found ?? MISSING;
}

function alone(name: string, params: URLSearchParams): Route | null {
  const plain = PLAIN_VIEWS.find((view) => view === name);
  if (plain) return library({ view: plain, q: '' });
  switch (name) {
    case 'search':
      return library({ view: 'search', q: params.get('q') ?? '' });
    case 'collections':
    case 'import':
      return { name };
    case 'shared':
      return { name, tab: 'with-me' };
    case 'settings':
      return { name, section: 'profile' };
    case 'admin':
      return { name, section: null };
    default:
      return null;
  }
}

function below(name: string, [second = '', third, ...more]: string[], params: URLSearchParams): Route | null {
  if (more.length > 0) return null;
  if (name === 'collections') return collection(second, third);
  if (name === 's') return visit(second, third);
  if (third !== undefined) return null;
  switch (name) {
    case 'photos':
      return ID.test(second) ? library(scopeBehind(params), second) : null;
    case 'shared':
      return one(SHARED_TABS, second, (tab) => ({ name, tab }));
    case 'settings':
      return one(SETTINGS_SECTIONS, second, (section) => ({ name, section }));
    case 'admin':
      return one(ADMIN_SECTIONS, second, (section) => ({ name, section }));
    case 'join':
      return TOKEN.test(second) ? { name, secret: second } : null;
    default:
      return null;
  }
}

function one<T extends string>(all: readonly T[], given: string, route: (found: T) => Route): Route | null {
  const found = all.find((item) => item === given);
  return found === undefined ? null : route(found);
}

function collection(id: string, open: string | undefined): Route | null {
  if (!ID.test(id) || (open !== undefined && !ID.test(open))) return null;
  return library({ view: 'collection', q: '', id }, open ?? null);
}

function visit(token: string, open: string | undefined): Route | null {
  if (!TOKEN.test(token) || (open !== undefined && !ID.test(open))) return null;
  return { name: 'visit', token, open: open ?? null };
}

/** The grid that lies behind an open asset: `?in=trash`, `?q=beach`, else all photos. */
function scopeBehind(params: URLSearchParams): Scope {
  const within = PLAIN_VIEWS.find((view) => view === params.get('in'));
  if (within) return { view: within, q: '' };
  const q = params.get('q');
  return q === null ? { view: 'photos', q: '' } : { view: 'search', q };
}

function library(scope: Scope, open: string | null = null): Route {
  return { name: 'library', scope, open };
}

export function scopeKey(scope: Scope): string {
  if (scope.view === 'collection') return `collection/${scope.id}`;
  return scope.view === 'search' ? `search?${scope.q}` : scope.view;
}

export function scopeHref(scope: Scope): string {
  if (scope.view === 'collection') return `/collections/${scope.id}`;
  if (scope.view !== 'search') return `/${scope.view}`;
  return scope.q === '' ? '/search' : `/search?${new URLSearchParams({ q: scope.q })}`;
}

export function assetHref(scope: Scope, id: string): string {
  switch (scope.view) {
    case 'photos':
      return `/photos/${id}`;
    case 'search':
      return `/photos/${id}?${new URLSearchParams({ q: scope.q })}`;
    case 'collection':
      return `/collections/${scope.id}/${id}`;
    default:
      return `/photos/${id}?in=${scope.view}`;
  }
}
