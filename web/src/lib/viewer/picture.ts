// Which files the viewer may put on the screen. Pure.

import { contentUrl } from '../api/assets';
import type { Asset } from '../api/types';
import { nameOf } from '../library/appearance';
import type { Tile } from '../library/tile';
import type { Size } from './zoom';

/** As much of an asset as the stage draws; a tile is enough to begin with. */
export interface Picture {
  id: string;
  name: string;
  thumbhash: string | null;
  thumb: string | null;
  preview: { url: string; width: number | null } | null;
  /** The original's URL where the browser can show it. */
  original: string | null;
  /** The original is shown at once: a GIF usually moves, its preview is one frame. */
  moves: boolean;
  /** Pixels of the original as displayed. */
  size: Size;
  /** A film of the moment belongs to it. */
  film: string | null;
}

/** Still formats every browser we serve draws itself, orientation and colour included. */
const SHOWABLE = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif', 'image/bmp']);
const MOST_MOVING_BYTES = 25_000_000;

export function pictureOf(asset: Asset, motion: boolean): Picture | null {
  const thumb = asset.renditions['thumb'] ?? null;
  const preview = asset.renditions['preview'] ?? thumb;
  if (!preview) return null;
  return {
    id: asset.id,
    name: nameOf(asset),
    thumbhash: asset.thumbhash,
    thumb: thumb?.url ?? null,
    preview: { url: preview.url, width: preview.width },
    original: SHOWABLE.has(asset.mime_type) ? contentUrl(asset.id) : null,
    moves: asset.mime_type === 'image/gif' && asset.size <= MOST_MOVING_BYTES,
    size: sizeOf(asset),
    film: motion ? filmUrl(asset.id) : null,
  };
}

/** What can be drawn before the asset itself is here. */
export function pictureOfTile(tile: Tile): Picture | null {
  if (tile.thumb === null) return null;
  const size = tile.width && tile.height ? { w: tile.width, h: tile.height } : { w: 1600, h: 1200 };
  return { id: tile.id, name: nameOf(tile), thumbhash: tile.thumbhash, thumb: tile.thumb, preview: null, original: null, moves: false, size, film: null };
}

const filmUrl = (id: string): string => `${contentUrl(id)}?role=motion`;

/** Of a drawing without pixels of its own those of its preview. */
function sizeOf(asset: Asset): Size {
  const best = asset.renditions['preview'] ?? asset.renditions['thumb'];
  const drawn = best?.width && best.height ? { w: best.width, h: best.height } : null;
  const own = asset.width && asset.height ? { w: asset.width, h: asset.height } : null;
  if (own && (!drawn || own.w >= drawn.w)) return own;
  return drawn ?? { w: 1600, h: 1200 };
}
