// Which files the viewer may put on the screen. Pure.

import { contentUrl } from '../api/assets';
import type { Asset } from '../api/types';
import type { Size } from './zoom';

/** Still formats every browser we serve draws itself, orientation and colour included. */
const SHOWABLE = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif', 'image/bmp']);
const MOST_MOVING_BYTES = 25_000_000;

/** The original's URL where the browser can show it. */
export function originalUrl(asset: Asset): string | null {
  return SHOWABLE.has(asset.mime_type) && hasPicture(asset) ? contentUrl(asset.id) : null;
}

/** Whether to show the original at once: a GIF usually moves, its preview is one frame. */
export function mayMove(asset: Asset): boolean {
  return asset.mime_type === 'image/gif' && asset.size <= MOST_MOVING_BYTES;
}

export function hasPicture(asset: Asset): boolean {
  return asset.renditions['preview'] !== undefined || asset.renditions['thumb'] !== undefined;
}

/** Pixels of the original as displayed; of a drawing without pixels of its own those of its preview. */
export function pictureSize(asset: Asset): Size {
  const best = asset.renditions['preview'] ?? asset.renditions['thumb'];
  const drawn = best?.width && best.height ? { w: best.width, h: best.height } : null;
  const own = asset.width && asset.height ? { w: asset.width, h: asset.height } : null;
  if (own && (!drawn || own.w >= drawn.w)) return own;
  return drawn ?? { w: 1600, h: 1200 };
}
