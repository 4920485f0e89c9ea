// The address bar as state. Plain `<a href>` links work: clicks on them are taken over here.

import { parseRoute, type Route } from './routes';

interface EntryState {
  /** The entry was pushed from inside the page, so Back stays inside it. */
  inside?: boolean;
}

class Router {
  #path = $state(location.pathname);
  #search = $state(location.search);
  readonly route: Route = $derived(parseRoute(this.#path, this.#search));
  /** How the present address was reached; Back and Forward keep scroll positions. */
  arrival = $state<'load' | 'push' | 'pop'>('load');

  start(): () => void {
    history.scrollRestoration = 'manual';
    const onPop = (): void => this.#read('pop');
    const onClick = (event: MouseEvent): void => this.#follow(event);
    addEventListener('popstate', onPop);
    document.addEventListener('click', onClick);
    return () => {
      removeEventListener('popstate', onPop);
      document.removeEventListener('click', onClick);
    };
  }

  go(href: string, { replace = false } = {}): void {
    const state: EntryState = { inside: replace ? this.cameFromInside : true };
    if (replace) history.replaceState(state, '', href);
    else history.pushState(state, '', href);
    this.#read('push');
  }

  /** Back when that stays inside the page, else to `fallback`. */
  back(fallback: string): void {
    if (this.cameFromInside) history.back();
    else this.go(fallback, { replace: true });
  }

  get cameFromInside(): boolean {
    return (history.state as EntryState | null)?.inside === true;
  }

  #read(arrival: 'push' | 'pop'): void {
    this.arrival = arrival;
    this.#path = location.pathname;
    this.#search = location.search;
  }

  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link?.href || link.target !== '' || link.hasAttribute('download')) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || url.pathname.startsWith('/api/')) return;
    if (url.hash !== '' && url.pathname === location.pathname) return;
    event.preventDefault();
    this.go(url.pathname + url.search);
  }
}

export const router = new Router();
