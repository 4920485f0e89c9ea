// How an asset shows: picture or labelled tile, and what is to be said about it. Pure.

import type { Asset, AssetProblem } from '../api/types';
import type { Dictionary } from '../i18n/en';
import { wallTime } from '../i18n/format';
import { explainReason } from '../i18n/problem';
import { wallTimeOf } from './day';

export type Badge = 'waiting' | 'processing' | 'failed' | 'partial';

export function badgeOf(asset: Asset): Badge | null {
  switch (asset.status) {
    case 'pending':
      return 'waiting';
    case 'processing':
      return 'processing';
    case 'failed':
    case 'quarantined':
      return isUnshowable(asset) ? null : 'failed';
    case 'partial':
      return asset.renditions['thumb'] || isUnshowable(asset) ? null : 'partial';
    default:
      return null;
  }
}

/** Why there is no picture, or what is under way; empty when all is well. */
export function remark(asset: Asset, t: Dictionary): string {
  const badge = badgeOf(asset);
  if (badge === 'waiting' || badge === 'processing') return t.tile[badge];
  if (asset.renditions['thumb']) return '';
  const [first] = asset.problems;
  return first ? explainProblem(asset, first, t) : t.tile.noPicture[asset.kind];
}

/** A problem in plain words; of what is no picture anyway, that it cannot be shown. */
export function explainProblem(asset: Asset, found: AssetProblem, t: Dictionary): string {
  return asset.kind !== 'image' && found.code === 'unsupported' ? t.tile.noPicture[asset.kind] : explainReason(found, t);
}

/** Not a picture, and nothing else is wrong with it: no reason to warn. */
function isUnshowable(asset: Asset): boolean {
  return asset.kind !== 'image' && asset.problems.every((problem) => problem.code === 'unsupported');
}

/** What a screen reader says for a tile. */
export function spoken(asset: Asset, t: Dictionary, locale: string, selected: boolean): string {
  return [
    t.tile.kind[asset.kind],
    nameOf(asset),
    remark(asset, t),
    wallTime(wallTimeOf(asset), locale),
    asset.favourite ? t.tile.favourite : '',
    selected ? t.tile.selected : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** Its title where it has one, else the file's name. */
export function nameOf(asset: Pick<Asset, 'title' | 'file_name'>): string {
  return asset.title || asset.file_name;
}
