import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TimelineBucket } from '../api/timeline';
import type { View } from '../router/routes';
import { choose } from './choose';
import { Library } from './library.svelte';
import { selection } from './selection.svelte';
import type { Tile } from './tile';

function tile(n: number, month: string, more: Partial<Tile> = {}): Tile {
  return {
    id: `${month}-${String(n).padStart(3, '0')}`,
    kind: 'image',
    status: 'ready',
    local: `${month}-${String((n % 28) + 1).padStart(2, '0')}T10:00:00`,
    width: 300,
    height: 200,
    thumbhash: null,
    favourite: false,
    rating: null,
    duration: null,
    owner_id: 'me',
    file_name: `${n}.jpg`,
    title: null,
    thumb: '/t',
    motion: false,
    trashed_at: null,
    ...more,
  };
}

const next = (month: string): string => new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 1)).toISOString().slice(0, 10);

interface Server {
  tiles: Tile[];
  /** Stretches that were asked for, as `from..to`. */
  asked: string[];
}

/** Answers as the server would; months are buckets. */
function serve(tiles: Tile[]): Server {
  const server: Server = { tiles, asked: [] };
  vi.stubGlobal('fetch', async (url: string) => {
    const { pathname, searchParams } = new URL(url, 'http://vault');
    if (pathname.endsWith('/timeline')) {
      const months = [...new Set(server.tiles.map((one) => one.local.slice(0, 7)))].sort().reverse();
      const buckets = months.map((key): TimelineBucket => ({ key, from: `${key}-01`, to: next(key), count: server.tiles.filter((one) => one.local.startsWith(key)).length }));
      return new Response(JSON.stringify({ total: server.tiles.length, buckets }));
    }
    const [from, to] = [searchParams.get('from') ?? '', searchParams.get('to') ?? ''];
    server.asked.push(`${from}..${to}`);
    const items = server.tiles.filter((one) => one.local >= from && one.local < to);
    return new Response(JSON.stringify({ items, next_cursor: null }));
  });
  return server;
}

const month = (key: string, count: number): Tile[] => Array.from({ length: count }, (_, n) => tile(n, key));
/** Months stay apart unless a test is about putting them together. */
const open = (view: Exclude<View, 'collection'> = 'photos', together = 0): Library =>
  new Library({ view, q: view === 'search' ? 'sea' : '' }, together);
const counts = (library: Library): number[] => library.buckets.map((bucket) => bucket.count);

afterEach(() => {
  vi.unstubAllGlobals();
  selection.clear();
});

describe('a grid', () => {
  it('knows how much there is before any tile', async () => {
    const server = serve([...month('2024-05', 3), ...month('2024-03', 2)]);
    const photos = open();
    await photos.load();
    expect(counts(photos)).toEqual([3, 2]);
    expect(photos.total).toBe(5);
    expect(server.asked).toEqual([]);
  });

  it('asks for neighbouring stretches in one request, and for nothing twice', async () => {
    const server = serve([...month('2024-05', 3), ...month('2024-03', 2), ...month('2024-02', 900), ...month('2020-01', 1)]);
    const photos = open();
    await photos.load();
    photos.want(['2024-05', '2024-03', '2024-02']);
    await photos.ensure(2);
    expect(server.asked).toEqual(['2024-02-01..2024-06-01']);
    photos.want(['2024-03', '2024-05']);
    await photos.ensure(0);
    expect(server.asked).toHaveLength(1);
    expect(photos.buckets.map((bucket) => bucket.tiles?.length ?? null)).toEqual([3, 2, 900, null]);
  });

  it('gives up what the view has moved away from', async () => {
    serve([...month('2024-05', 3), ...month('2020-01', 1)]);
    const photos = open();
    await photos.load();
    const answer = vi.fn((_url: string, init: RequestInit) => new Promise<Response>((_, fail) => init.signal?.addEventListener('abort', () => fail(init.signal?.reason))));
    vi.stubGlobal('fetch', answer);
    photos.want(['2024-05']);
    await vi.waitFor(() => expect(answer).toHaveBeenCalled());
    photos.want(['2020-01']);
    expect(answer.mock.calls[0]?.[1].signal?.aborted).toBe(true);
    expect(photos.stuck).toBeNull();
    photos.close();
  });

  it('takes in what is new in its place, and counts anew where it cannot know', async () => {
    const server = serve([...month('2024-05', 2), ...month('2024-03', 2)]);
    const photos = open();
    await photos.load();
    await photos.ensure(0);
    vi.useFakeTimers();
    photos.upsert([tile(20, '2024-05'), tile(1, '2022-01')]);
    expect(counts(photos)).toEqual([3, 2, 1]);
    expect(photos.buckets[0]?.tiles?.[0]?.id).toBe('2024-05-020');
    server.tiles.push(tile(20, '2024-05'), tile(1, '2022-01'), tile(9, '2024-03'));
    photos.upsert([tile(9, '2024-03')]);
    expect(counts(photos)).toEqual([3, 2, 1]);
    await vi.runAllTimersAsync();
    vi.useRealTimers();
    expect(counts(photos)).toEqual([3, 3, 1]);
  });

  it('lets go of what no longer belongs, and of a stretch that nothing is left of', async () => {
    serve([tile(1, '2024-05', { favourite: true }), tile(2, '2024-03', { favourite: true })]);
    const favourites = open('favourites');
    await favourites.load();
    await favourites.ensure(0);
    await favourites.ensure(1);
    favourites.upsert([tile(1, '2024-05')]);
    expect(counts(favourites)).toEqual([1]);
    favourites.upsert([tile(2, '2024-03', { favourite: true, trashed_at: '2026-11-21T10:00:00Z' })]);
    expect(favourites.total).toBe(0);
  });

  it('keeps what is locked away behind its own door', async () => {
    serve([tile(1, '2024-05', { locked: true })]);
    const [photos, archive, door] = [open(), open('archive'), open('locked')];
    for (const grid of [photos, archive, door]) {
      await grid.load();
      await grid.ensure(0);
    }
    const [away, back] = [tile(1, '2024-05', { archived: true, locked: true }), tile(1, '2024-05', { archived: false, locked: false })];
    for (const grid of [photos, archive, door]) grid.upsert([away]);
    expect([photos.total, archive.total, door.total]).toEqual([0, 0, 1]);
    for (const grid of [photos, archive, door]) grid.upsert([back]);
    expect([photos.total, archive.total, door.total]).toEqual([1, 0, 0]);
    for (const grid of [photos, archive, door]) grid.close();
  });

  it('moves what was given another date', async () => {
    serve([...month('2024-05', 2), ...month('2024-03', 2)]);
    const photos = open();
    await photos.load();
    await photos.ensure(0);
    await photos.ensure(1);
    photos.upsert([tile(0, '2024-05', { local: '2024-03-20T10:00:00' })]);
    expect(counts(photos)).toEqual([1, 3]);
    expect(photos.bucketOf('2024-05-000')).toBe(1);
  });

  it('puts sparse months together, and keeps their tiles when the borders move', async () => {
    const server = serve([...month('2024-05', 3), ...month('2024-03', 2), ...month('2024-02', 9)]);
    const photos = open('photos', 10);
    await photos.load();
    expect(counts(photos)).toEqual([5, 9]);
    await photos.ensure(0);
    await photos.ensure(1);
    const asked = server.asked.length;
    server.tiles.push(tile(1, '2024-06'), tile(2, '2024-06'), tile(3, '2024-06'), tile(4, '2024-06'), tile(5, '2024-06'), tile(6, '2024-06'));
    photos.upsert(server.tiles.filter((one) => one.local.startsWith('2024-06')));
    expect(counts(photos)).toEqual([6, 5, 9]);
    await photos.load();
    expect(counts(photos)).toEqual([9, 2, 9]);
    expect(photos.buckets.map((bucket) => bucket.tiles?.length)).toEqual([9, 2, 9]);
    expect(server.asked).toHaveLength(asked);
    photos.close();
  });

  it('files what is new in a month told by its days under its day', async () => {
    const server = serve([]);
    const photos = open();
    vi.stubGlobal('fetch', async () =>
      new Response(JSON.stringify({ total: 2, buckets: [{ key: '2024-05-20', from: '2024-05-20', to: '2024-05-21', count: 2 }] })),
    );
    await photos.load();
    photos.upsert([tile(3, '2024-05')]);
    expect(photos.buckets.map((bucket) => [bucket.from, bucket.to])).toEqual([
      ['2024-05-20', '2024-05-21'],
      ['2024-05-04', '2024-05-05'],
    ]);
    expect(server.asked).toEqual([]);
    photos.close();
  });

  it('does not guess what a search would find', async () => {
    serve([tile(9, '2024-05')]);
    const found = open('search');
    await found.load();
    await found.ensure(0);
    found.upsert([tile(8, '2024-05'), tile(9, '2024-05', { title: 'New' })]);
    expect(found.buckets[0]?.tiles?.map((one) => one.title)).toEqual(['New']);
  });

  it('keeps showing what it has while it starts over', async () => {
    const server = serve(month('2024-05', 3));
    const photos = open();
    await photos.load();
    photos.want(['2024-05']);
    await photos.ensure(0);
    server.tiles = month('2024-05', 2);
    const again = photos.reload();
    expect(photos.buckets[0]?.tiles).toHaveLength(3);
    await again;
    await vi.waitFor(() => expect(photos.buckets[0]?.tiles).toHaveLength(2));
  });

  it('says why it could not be loaded, and can try again', async () => {
    vi.stubGlobal('fetch', async () => new Response('{"code":"unavailable","status":503,"title":"","detail":""}', { status: 503 }));
    const photos = open();
    await photos.load();
    expect(photos.phase).toBe('failed');
    serve(month('2024-05', 1));
    await photos.load();
    expect(photos.phase).toBe('ready');
  });
});

describe('a selection', () => {
  it('reaches over what was not loaded yet, in both directions', async () => {
    serve([...month('2024-05', 2), ...month('2024-03', 5), ...month('2024-01', 2)]);
    const photos = open();
    await photos.load();
    await photos.ensure(0);
    await photos.ensure(2);
    await choose(photos, '2024-01-001', false);
    await choose(photos, '2024-05-000', true);
    // From the last one but one of January up to the older of the two of May.
    expect(selection.size).toBe(7);
    expect(selection.has('2024-03-004')).toBe(true);
  });

  it('takes a whole day in, then out', () => {
    const all = month('2024-05', 2);
    selection.toggle(all[0] as Tile);
    selection.toggleAll(all);
    expect(selection.size).toBe(2);
    selection.toggleAll(all);
    expect(selection.active).toBe(false);
  });
});
