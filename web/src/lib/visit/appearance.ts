// How a shared asset is called and shaped. Pure.

import type { SharedAsset } from '../api/visits';
import type { words } from './words';

export function nameOf(asset: Pick<SharedAsset, 'file_name' | 'kind'>, t: Pick<(typeof words)['en'], 'nameless'>): string {
  return asset.file_name ?? t.nameless[asset.kind];
}

const NARROWEST = 0.5;
const WIDEST = 3;

/** Width by height, within what a grid can show. */
export function aspectOf({ width, height }: Pick<SharedAsset, 'width' | 'height'>): number {
  if (!width || !height) return 1;
  return Math.min(WIDEST, Math.max(NARROWEST, width / height));
}
