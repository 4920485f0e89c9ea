// Uploads begun where one is: into the open collection, if there is one that takes them.

import { frame } from '../frame/frame.svelte';
import type { Picked } from './collect';
import { uploads } from './queue.svelte';

export function addHere(picked: readonly Picked[]): void {
  const into = frame.destination;
  const wish = into === null ? null : { collections: [into.id] };
  uploads.add(wish === null ? picked : picked.map((one) => ({ ...one, wish })));
}
