// Cuts the listing of an export into requests of bounded size. What belongs together lies in one
// folder, so folders stay whole. Pure.

import type { ImportPlan, Listing } from '../api/imports';

const MOST_BYTES = 12_000_000;
const MOST_FILES = 50_000;

export function chunks(listing: Listing, mostBytes = MOST_BYTES, mostFiles = MOST_FILES): Listing[] {
  const done: Listing[] = [];
  let open: Listing = { files: [], sidecars: [] };
  let bytes = 0;
  for (const folder of folders(listing)) {
    const size = weight(folder);
    const full = bytes + size > mostBytes || open.files.length + folder.files.length > mostFiles;
    if (full && open.files.length > 0) {
      done.push(open);
      open = { files: [], sidecars: [] };
      bytes = 0;
    }
    open.files.push(...folder.files);
    open.sidecars.push(...folder.sidecars);
    bytes += size;
  }
  if (open.files.length > 0) done.push(open);
  return done;
}

function folders(listing: Listing): Listing[] {
  const byFolder = new Map<string, Listing>();
  const of = (path: string): Listing => {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const found = byFolder.get(folder) ?? { files: [], sidecars: [] };
    byFolder.set(folder, found);
    return found;
  };
  for (const file of listing.files) of(file.path).files.push(file);
  for (const sidecar of listing.sidecars) of(sidecar.path).sidecars.push(sidecar);
  return [...byFolder.values()];
}

/** About the bytes it takes as JSON. */
function weight({ files, sidecars }: Listing): number {
  const paths = files.reduce((sum, { path }) => sum + path.length + 40, 0);
  return paths + sidecars.reduce((sum, { path, text }) => sum + path.length + text.length * 1.2 + 40, 0);
}

/** Albums of one name are one album, whichever request told of them. */
export function joined(plans: readonly ImportPlan[]): ImportPlan {
  const albums = new Map<string, ImportPlan['albums'][number]>();
  for (const album of plans.flatMap((plan) => plan.albums)) {
    const known = albums.get(album.name);
    albums.set(album.name, known ? { ...known, description: known.description ?? album.description, paths: [...known.paths, ...album.paths] } : album);
  }
  return { items: plans.flatMap((plan) => plan.items), ignored: plans.flatMap((plan) => plan.ignored), albums: [...albums.values()] };
}
