// Light tiles: what a grid keeps of an asset, whether the timeline or the asset itself told it. Pure.

import type { Tile as Told } from '../api/timeline';
import type { Asset, AssetProblem } from '../api/types';
import { wallTimeOf } from './day';

export interface Tile extends Told {
  /** Known of assets that were read whole; the timeline does not tell, the grid's question implies it. */
  archived?: boolean;
  locked?: boolean;
  problems?: AssetProblem[];
}

export function tileOf(asset: Asset): Tile {
  return {
    id: asset.id,
    kind: asset.kind,
    status: asset.status,
    local: wallTimeOf(asset),
    width: asset.width,
    height: asset.height,
    thumbhash: asset.thumbhash,
    favourite: asset.favourite,
    rating: asset.rating,
    duration: asset.duration,
    owner_id: asset.owner_id,
    file_name: asset.file_name,
    title: asset.title,
    thumb: asset.renditions['thumb']?.url ?? null,
    motion: (asset as { motion?: boolean }).motion ?? false,
    trashed_at: asset.trashed_at,
    archived: asset.archived,
    locked: asset.locked,
    problems: asset.problems,
  };
}

export const dayOfTile = (tile: Pick<Tile, 'local'>): string => tile.local.slice(0, 10);

/** Newest first; the id breaks ties, so that the order never flickers. */
export function newestFirst(a: Pick<Tile, 'id' | 'local'>, b: Pick<Tile, 'id' | 'local'>): number {
  if (a.local !== b.local) return a.local < b.local ? 1 : -1;
  if (a.id === b.id) return 0;
  return a.id < b.id ? 1 : -1;
}

/** A picture is there, or on its way with its shape already known. */
export function hasShape(tile: Tile): boolean {
  return tile.thumb !== null || (tile.kind === 'image' && tile.status !== 'failed');
}
