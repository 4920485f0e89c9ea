import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Asset } from '../api/types';
import type { View } from '../router/routes';
import { Library } from './library.svelte';
import { selection } from './selection.svelte';

function asset(n: number, more: Partial<Asset> = {}): Asset {
  const local = `2024-05-${String(n).padStart(2, '0')}T10:00:00`;
  return {
    id: `a${n}`,
    kind: 'image',
    status: 'ready',
    width: 300,
    height: 200,
    captured_at: { local, offset: null, utc: null, source: 'exif:DateTimeOriginal' },
    created_at: '2026-11-21T10:00:00Z',
    trashed_at: null,
    favourite: false,
    renditions: {},
    ...more,
  } as Asset;
}

/** Answers as the server would: pages of `size` out of `all`, newest first. */
function serve(all: Asset[], size: number): ReturnType<typeof vi.fn> {
  const answer = vi.fn(async (url: string) => {
    const from = Number(new URL(url, 'http://vault').searchParams.get('cursor') ?? 0);
    const more = from + size < all.length ? String(from + size) : null;
    return new Response(JSON.stringify({ items: all.slice(from, from + size), next_cursor: more }));
  });
  vi.stubGlobal('fetch', answer);
  return answer;
}

const library = (view: Exclude<View, 'collection'>): Library => new Library({ view, q: view === 'search' ? 'sea' : '' });
const ids = (of: Library): string[] => of.assets.map((one) => one.id);
const days = (...list: number[]): Asset[] => list.map((n) => asset(n));

afterEach(() => vi.unstubAllGlobals());

describe('a grid', () => {
  it('loads page by page, newest first, until the end', async () => {
    serve(days(9, 8, 7, 6, 5), 2);
    const photos = library('photos');
    for (let page = 0; page < 9; page += 1) await photos.loadMore();
    expect(ids(photos)).toEqual(['a9', 'a8', 'a7', 'a6', 'a5']);
    expect(photos.ended).toBe(true);
  });

  it('takes in what belongs to the loaded part and leaves the rest to later pages', async () => {
    serve(days(9, 7, 5, 3), 2);
    const photos = library('photos');
    await photos.loadMore();
    photos.upsert([asset(8), asset(4)]);
    expect(ids(photos)).toEqual(['a9', 'a8', 'a7']);
    await photos.loadMore();
    photos.upsert([asset(4)]);
    expect(ids(photos)).toEqual(['a9', 'a8', 'a7', 'a5', 'a4', 'a3']);
  });

  it('lets go of what no longer belongs', async () => {
    serve([asset(9, { favourite: true }), asset(8, { favourite: true })], 9);
    const favourites = library('favourites');
    await favourites.loadMore();
    favourites.upsert([asset(9)]);
    expect(ids(favourites)).toEqual(['a8']);
    favourites.upsert([asset(8, { favourite: true, trashed_at: '2026-11-21T10:00:00Z' })]);
    expect(ids(favourites)).toEqual([]);
  });

  it('does not guess what a search would find', async () => {
    serve(days(9), 9);
    const found = library('search');
    await found.loadMore();
    found.upsert([asset(8), asset(9, { title: 'New' })]);
    expect(found.assets.map((one) => one.title)).toEqual(['New']);
  });

  it('keeps its length when it starts over', async () => {
    const answer = serve(days(9, 8, 7, 6, 5, 4), 2);
    const photos = library('photos');
    await photos.loadMore();
    await photos.loadMore();
    await photos.reload();
    expect(photos.assets).toHaveLength(4);
    expect(answer).toHaveBeenCalledTimes(4);
  });

  it('says why it could not be loaded, and can try again', async () => {
    vi.stubGlobal('fetch', async () => new Response('{"code":"unavailable","status":503,"title":"","detail":""}', { status: 503 }));
    const photos = library('photos');
    await photos.loadMore();
    expect(photos.phase).toBe('failed');
    serve(days(9), 9);
    await photos.loadMore();
    expect(photos.phase).toBe('ready');
  });
});

describe('a selection', () => {
  const all = days(9, 8, 7, 6);

  it('extends from where it began, in both directions', () => {
    selection.clear();
    selection.toggle('a8');
    selection.extend('a6', all);
    expect([...selection.ids].sort()).toEqual(['a6', 'a7', 'a8']);
    selection.extend('a9', all);
    expect(selection.ids.has('a9')).toBe(true);
  });

  it('takes a whole day in, then out', () => {
    selection.clear();
    selection.toggle('a9');
    selection.toggleAll(['a9', 'a8']);
    expect(selection.ids.size).toBe(2);
    selection.toggleAll(['a9', 'a8']);
    expect(selection.active).toBe(false);
  });

  it('forgets what is gone', () => {
    selection.clear();
    selection.toggleAll(['a9', 'a8']);
    selection.keep((id) => id !== 'a9');
    expect([...selection.ids]).toEqual(['a8']);
  });
});
