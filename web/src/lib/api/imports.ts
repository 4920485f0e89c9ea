// Mirrors server/http/imports.

import type { Schemas, UploadDetails } from '@mediavault/client';
import { call } from './client';
import type { Whole } from './types';

/** A reason says why it cannot be taken; `motion` is the file that is its moving part. */
export type PlanItem = Omit<Whole<Schemas['ImportItem']>, 'metadata'> & { metadata: UploadDetails };

export type PlanAlbum = Whole<Schemas['ImportAlbum']>;

export type Ignored = Whole<Schemas['ImportIgnored']>;

export interface ImportPlan {
  items: PlanItem[];
  ignored: Ignored[];
  albums: PlanAlbum[];
}

export interface Listing {
  files: { path: string; size: number }[];
  sidecars: { path: string; text: string }[];
}

export const planTakeout = (listing: Listing, signal: AbortSignal): Promise<ImportPlan> =>
  call('POST', '/imports/plan', { body: { source: 'takeout', ...listing }, signal });
