// What the service worker does with a request. Pure.

export type Handling =
  /** A page of the app: the network, else the kept shell. */
  | 'page'
  /** A file the build named by its content: what is kept is right for good. */
  | 'built'
  /** A picture whose address changes with its content. */
  | 'picture'
  /** What a view is made of: the network, else what was seen last. */
  | 'facts'
  /** None of the worker's business. */
  | 'pass';

const FACTS = /^\/api\/v1\/(auth\/state|me|timeline|timeline\/assets|assets|assets\/[0-9a-f-]{36}|collections|collections\/[0-9a-f-]{36}|notifications|tags|facets)$/;
const PICTURE = /^\/api\/v1\/assets\/[0-9a-f-]{36}\/renditions\/(thumb|preview)$/;

export interface Asked {
  method: string;
  mode: string;
  url: URL;
}

/** Links of others (`/s/…`) and the locked folder are never kept. */
export function handlingOf({ method, mode, url }: Asked, origin: string): Handling {
  if (method !== 'GET' || url.origin !== origin) return 'pass';
  const { pathname, search } = url;
  if (pathname.startsWith('/assets/')) return 'built';
  if (PICTURE.test(pathname)) return 'picture';
  if (FACTS.test(pathname)) return /locked/.test(search) ? 'pass' : 'facts';
  const ours = !pathname.startsWith('/api/') && !pathname.startsWith('/health') && !/\.\w+$/.test(pathname);
  return mode === 'navigate' && ours ? 'page' : 'pass';
}

/** The names that go when a cache may hold only `most`: the oldest come first. */
export function surplus<T>(keys: readonly T[], most: number): T[] {
  return keys.slice(0, Math.max(0, keys.length - most));
}
