// What may complete the filter that is being written: the tags, cameras, kinds and years there are.

import { facets, listTags, type Count, type Facets, type TagCount } from '../api/facets';
import type { MediaKind } from '../api/types';
import { collections } from '../collections/collections.svelte';
import type { Dictionary } from '../i18n/en';
import { filterOf, unfinished } from './query';

export interface Suggestion {
  filter: string;
  label: string;
  count: number | null;
}

const SHOWN = 8;
/** So long what was asked for is good enough to suggest from. */
const FRESH_MS = 60_000;

class Suggestions {
  #tags = $state.raw<TagCount[]>([]);
  #facets = $state.raw<Facets | null>(null);
  #asked = -Infinity;

  /** Asks for what there is, unless that was done a moment ago. */
  need(): void {
    if (performance.now() - this.#asked < FRESH_MS) return;
    this.#asked = performance.now();
    void collections.need();
    // Without suggestions one can still type.
    void listTags().then(({ items }) => (this.#tags = items), () => undefined);
    void facets('').then((found) => (this.#facets = found), () => undefined);
  }

  for(query: string, t: Dictionary): Suggestion[] {
    const part = unfinished(query);
    const [key, ...rest] = part.split(':');
    const value = rest.join(':').replaceAll('"', '').toLowerCase();
    if (part === '' || key === undefined) return [];
    if (rest.length === 0) return this.#tagged(part.toLowerCase());
    const plain = key.replace(/^-/, '');
    return this.#values(plain, t)
      .filter((one) => one.label.toLowerCase().includes(value))
      .slice(0, SHOWN)
      .map((one) => ({ ...one, filter: filterOf(key, one.filter) }));
  }

  /** A word may be the beginning of a tag. */
  #tagged(word: string): Suggestion[] {
    return this.#tags
      .filter(({ label }) => label.toLowerCase().startsWith(word))
      .slice(0, SHOWN)
      .map(({ label, count }) => ({ filter: filterOf('tag', label), label, count }));
  }

  /** What may stand behind the key; `filter` is only the value here. */
  #values(key: string, t: Dictionary): Suggestion[] {
    switch (key) {
      case 'tag':
        return this.#tags.map(({ label, count }) => ({ filter: label, label, count }));
      case 'album':
        return collections.list.map(({ name, count }) => ({ filter: name, label: name, count }));
      case 'camera':
        return (this.#facets?.cameras ?? []).map(counted);
      case 'type':
        return (this.#facets?.kinds ?? []).map((one) => ({ ...counted(one), label: t.tile.kind[one.value as MediaKind] }));
      case 'after':
      case 'before':
        return (this.#facets?.years ?? []).map(counted);
      case 'rating':
        return (this.#facets?.ratings ?? []).map(counted);
      case 'is':
        return ['favourite', 'archived', 'trashed', 'shared'].map(plain);
      case 'has':
        return [plain('place')];
      default:
        return [];
    }
  }
}

const counted = ({ value, count }: Count): Suggestion => ({ filter: value, label: value, count });
const plain = (value: string): Suggestion => ({ filter: value, label: value, count: null });

export const suggestions = new Suggestions();
