// How an asset shows: picture or labelled tile, and what is to be said about it. Pure.

import type { Asset, AssetProblem, MediaKind } from '../api/types';
import type { Dictionary } from '../i18n/en';
import { wallTime } from '../i18n/format';
import { isolate } from '../i18n/isolate';
import { explainReason } from '../i18n/problem';
import type { Tile } from './tile';

export type Badge = 'waiting' | 'processing' | 'failed' | 'partial';

export function badgeOf(tile: Tile): Badge | null {
  switch (tile.status) {
    case 'pending':
      return 'waiting';
    case 'processing':
      return 'processing';
    case 'failed':
    case 'quarantined':
      return isUnshowable(tile) ? null : 'failed';
    case 'partial':
      return tile.thumb !== null || isUnshowable(tile) ? null : 'partial';
    default:
      return null;
  }
}

/** Why there is no picture, or what is under way; empty when all is well. */
export function remark(tile: Tile, t: Dictionary): string {
  const badge = badgeOf(tile);
  if (badge === 'waiting' || badge === 'processing') return t.tile[badge];
  if (tile.thumb !== null) return '';
  const [first] = tile.problems ?? [];
  if (first) return explainProblem(tile, first, t);
  return badge === 'failed' ? t.tile.failed : t.tile.noPicture[tile.kind];
}

/** A problem in plain words; of what is no picture anyway, that it cannot be shown. */
export function explainProblem(of: { kind: MediaKind }, found: AssetProblem, t: Dictionary): string {
  return of.kind !== 'image' && found.code === 'unsupported' ? t.tile.noPicture[of.kind] : explainReason(found, t);
}

/** Not a picture, and nothing else is known to be wrong with it: no reason to warn. */
function isUnshowable(tile: Tile): boolean {
  return tile.kind !== 'image' && (tile.problems ?? []).every((problem) => problem.code === 'unsupported');
}

/** What a screen reader says for a tile; `notes` are what else its picture bears. */
export function spoken(tile: Tile, t: Dictionary, locale: string, selected: boolean, notes: string[]): string {
  return [
    t.tile.kind[tile.kind],
    isolate(nameOf(tile)),
    remark(tile, t),
    wallTime(tile.local, locale),
    tile.favourite ? t.tile.favourite : '',
    selected ? t.tile.selected : '',
    ...notes,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** Its title where it has one, else the file's name. */
export function nameOf(asset: Pick<Asset, 'title' | 'file_name'>): string {
  return asset.title || asset.file_name;
}
