// Mirrors server/http/facets: what there is to narrow a search down by.

import { call } from './client';

export interface TagCount {
  tag: string;
  label: string;
  count: number;
}

export const listTags = (): Promise<{ items: TagCount[] }> => call('GET', '/tags');

export interface Count {
  value: string;
  count: number;
}

export interface Facets {
  cameras: Count[];
  kinds: Count[];
  years: Count[];
  ratings: Count[];
}

export const facets = (q: string): Promise<Facets> => call('GET', '/facets', { query: { q } });
