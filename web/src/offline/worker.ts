// The service worker: the page opens without a connection and shows what was seen before. The build
// puts in the version and the list of files; what it imports must end up in this one file, because not
// every browser runs a worker that is a module.

import { handlingOf, surplus } from './policy';

declare const __SHELL__: string[];
declare const __VERSION__: string;

/** The parts of the worker's global scope that are used; the page's types know another one. */
interface Scope {
  location: Location;
  clients: { claim: () => Promise<void> };
  skipWaiting: () => Promise<void>;
  addEventListener: (type: string, listener: (event: never) => void) => void;
}
interface Lasting {
  waitUntil: (work: Promise<unknown>) => void;
}
interface Fetching extends Lasting {
  request: Request;
  respondWith: (answer: Promise<Response>) => void;
}

const scope = self as unknown as Scope;
const SHELL = `mv-shell-${__VERSION__}`;
const INDEX = '/';
/** Whose session the page has, written by the page itself. */
const ACCOUNT = 'mv-account';
const MOST = { built: 200, picture: 2_000, facts: 200 };
/** Counting a cache takes time: done once in so many writes. */
const TRIM_EVERY = 40;
let writes = 0;

scope.addEventListener('install', (event: Lasting) => event.waitUntil(install()));
scope.addEventListener('activate', (event: Lasting) => event.waitUntil(activate()));
scope.addEventListener('message', (event: MessageEvent) => {
  if (event.data === 'take-over') void scope.skipWaiting();
});
scope.addEventListener('fetch', (event: Fetching) => {
  const { request } = event;
  const handling = handlingOf({ method: request.method, mode: request.mode, url: new URL(request.url) }, scope.location.origin);
  if (handling === 'page') event.respondWith(page(request));
  else if (handling === 'built') event.respondWith(built(event));
  else if (handling !== 'pass') event.respondWith(seen(event, handling));
});

async function install(): Promise<void> {
  const shell = await caches.open(SHELL);
  await shell.addAll([INDEX, ...__SHELL__]);
}

async function activate(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith('mv-shell-') && name !== SHELL);
  await Promise.all(old.map((name) => caches.delete(name)));
  await scope.clients.claim();
}

async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(INDEX, { cacheName: SHELL });
    if (kept) return kept;
    throw error;
  }
}

async function built(event: Fetching): Promise<Response> {
  const kept = await caches.match(event.request, { cacheName: SHELL });
  if (kept) return kept;
  const answer = await fetch(event.request);
  if (answer.ok) event.waitUntil(keep(SHELL, event.request, answer.clone(), MOST.built));
  return answer;
}

/** Pictures from the cache first, facts from the network first; both only for who is signed in. */
async function seen(event: Fetching, handling: 'picture' | 'facts'): Promise<Response> {
  const cache = await cacheOf(handling);
  if (cache === null) return fetch(event.request);
  const kept = (): Promise<Response | undefined> => caches.match(event.request, { cacheName: cache });
  if (handling === 'picture') {
    const known = await kept();
    if (known) return known;
  }
  try {
    const answer = await fetch(event.request);
    if (answer.status === 200) event.waitUntil(keepSeen(handling, cache, event.request, answer.clone()));
    return answer;
  } catch (error) {
    const known = await kept();
    if (known) return known;
    throw error;
  }
}

/** Whoever asked may have signed out while the answer was on its way: then nothing of it stays. */
async function keepSeen(handling: 'picture' | 'facts', cache: string, request: Request, answer: Response): Promise<void> {
  if ((await cacheOf(handling)) === cache) await keep(cache, request, answer, MOST[handling]);
}

async function cacheOf(handling: 'picture' | 'facts'): Promise<string | null> {
  const account = await caches.match('/account', { cacheName: ACCOUNT });
  return account ? `mv-seen-${handling}-${await account.text()}` : null;
}

async function keep(name: string, request: Request, answer: Response, most: number): Promise<void> {
  const cache = await caches.open(name);
  // Put anew, an entry is the youngest: what is looked at stays.
  await cache.delete(request);
  await cache.put(request, answer);
  writes += 1;
  if (writes % TRIM_EVERY !== 0) return;
  for (const key of surplus(await cache.keys(), most)) await cache.delete(key);
}
