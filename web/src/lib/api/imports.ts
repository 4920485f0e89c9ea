// Mirrors server/http/imports.

import type { UploadDetails } from '@mediavault/client';
import { call } from './client';

export interface PlanItem {
  path: string;
  file_name: string;
  album: string | null;
  metadata: UploadDetails;
  /** The file that is its moving part. */
  motion: string | null;
  reason: string | null;
}

export interface PlanAlbum {
  name: string;
  description: string | null;
  paths: string[];
}

export interface Ignored {
  path: string;
  reason: string;
  detail: string;
}

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
