import { describe, expect, it } from 'vitest';
import { chunks, joined } from './chunks';

const listing = {
  files: ['a/1.jpg', 'b/1.jpg', 'a/2.jpg', 'c/1.jpg'].map((path) => ({ path, size: 1 })),
  sidecars: [{ path: 'b/1.jpg.json', text: '{}' }],
};

describe('the listing of an export', () => {
  it('goes in one request where it fits', () => {
    expect(chunks(listing)).toHaveLength(1);
    expect(chunks({ files: [], sidecars: [] })).toEqual([]);
  });

  it('is cut between folders, never within one', () => {
    const cut = chunks(listing, 1_000_000, 2).map(({ files, sidecars }) => [files.map(({ path }) => path), sidecars.length]);
    expect(cut).toEqual([
      [['a/1.jpg', 'a/2.jpg'], 0],
      [['b/1.jpg', 'c/1.jpg'], 1],
    ]);
    expect(chunks(listing, 1, 100)).toHaveLength(3);
  });

  it('comes back as one plan, albums of one name joined', () => {
    const album = (paths: string[]) => ({ items: [], ignored: [], albums: [{ name: 'Sea', description: null, paths }] });
    expect(joined([album(['a']), album(['b'])]).albums).toEqual([{ name: 'Sea', description: null, paths: ['a', 'b'] }]);
  });
});
