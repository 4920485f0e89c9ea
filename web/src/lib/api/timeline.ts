// Mirrors server/http/timeline: how many assets each stretch of time has, and light tiles of one.

import type { Schemas } from '@mediavault/client';
import { call } from './client';
import type { MediaKind, Page, Status } from './types';

/** Which assets are meant: a query, or the entries of a collection; else the caller's own library. */
export interface GridQuery {
  q?: string;
  collection?: string;
}

/** Its key is `2024-05`, or `2024-05-17` where a month is too full; `to` is exclusive. */
export type TimelineBucket = Schemas['TimelineBucket'];

/** As much of an asset as a grid shows. */
export interface Tile {
  id: string;
  kind: MediaKind;
  status: Status;
  /** Wall time it was taken, else when it was added, in UTC. */
  local: string;
  width: number | null;
  height: number | null;
  thumbhash: string | null;
  favourite: boolean;
  rating: number | null;
  /** Seconds. */
  duration: number | null;
  owner_id: string;
  file_name: string;
  /** What somebody called it. */
  title: string | null;
  thumb: string | null;
  /** A Live Photo: it has a film of the moment. */
  motion: boolean;
  trashed_at: string | null;
}

/** Newest first. */
export const timeline = (query: GridQuery): Promise<{ total: number; buckets: TimelineBucket[] }> =>
  call('GET', '/timeline', { query: { ...query } });

export const TILE_PAGE = 2_000;

export interface Stretch extends GridQuery {
  from: string;
  to: string;
  cursor?: string | null;
}

/** Tiles of a stretch of days, newest first. */
export const timelineAssets = (stretch: Stretch, signal: AbortSignal): Promise<Page<Tile>> =>
  call('GET', '/timeline/assets', { query: { ...stretch, limit: TILE_PAGE }, signal });
