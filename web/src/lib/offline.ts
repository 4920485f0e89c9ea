// The page's side of working offline: the service worker, its updates, and whose things it keeps.

import { i18n } from './i18n/i18n.svelte';
import { toasts } from './toasts.svelte';

const SEEN = 'mv-seen-';
const ACCOUNT = 'mv-account';
const LOOK_MS = 60 * 60 * 1000;

/** Starts the worker in a built page; browsers only have it on https and localhost. */
export async function startWorker(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const registration = await navigator.serviceWorker.register('/sw.js');
  if (registration.waiting) offer(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const fresh = registration.installing;
    fresh?.addEventListener('statechange', () => {
      // The first worker of all replaces nothing.
      if (fresh.state === 'installed' && navigator.serviceWorker.controller) offer(fresh);
    });
  });
  setInterval(() => void registration.update().catch(() => undefined), LOOK_MS);
}

function offer(worker: ServiceWorker): void {
  toasts.offer(i18n.t.app.update, i18n.t.verb.reload, () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    worker.postMessage('take-over');
  });
}

/** From now on what is seen is kept for this account; what others saw here is forgotten. */
export async function keepFor(account: string): Promise<void> {
  if (!('caches' in globalThis)) return;
  await forget((name) => !name.endsWith(account));
  const cache = await caches.open(ACCOUNT);
  await cache.put('/account', new Response(account));
}

/** Nothing of what was seen stays on this device. */
export async function forgetSeen(): Promise<void> {
  if (!('caches' in globalThis)) return;
  await caches.delete(ACCOUNT);
  await forget(() => true);
}

async function forget(which: (name: string) => boolean): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(SEEN) && which(name));
  await Promise.all(names.map((name) => caches.delete(name)));
}
