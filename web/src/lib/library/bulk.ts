// Changes of many assets at once: POST /assets/bulk, in pieces as large as the server takes, undone
// as a whole.

import { call } from '../api/client';

const MOST = 1_000;

/** What is done; exactly one of these. */
export type Deed =
  | { edit: BulkEdit }
  | { shift_captured: { seconds: number } }
  | { trash: true }
  | { restore: true }
  | { delete: true };

export interface BulkEdit {
  favourite?: boolean;
  archived?: boolean;
  locked?: boolean;
  rating?: number;
  add_tags?: string[];
  remove_tags?: string[];
  location?: { lat: number; lon: number } | null;
}

export interface Failed {
  id: string;
  code: string;
  detail: string;
}

export interface Outcome {
  /** What undoes it; empty where nothing can. */
  batches: string[];
  done: number;
  failed: Failed[];
}

interface Answer {
  batch: string | null;
  done: number;
  failed: Failed[];
}

/** Runs the deed on all; throws only when nothing at all could be done. */
export async function bulk(ids: readonly string[], deed: Deed): Promise<Outcome> {
  const outcome: Outcome = { batches: [], done: 0, failed: [] };
  for (let at = 0; at < ids.length; at += MOST) {
    const answer = await call<Answer>('POST', '/assets/bulk', { body: { ids: ids.slice(at, at + MOST), do: deed } });
    if (answer.batch !== null) outcome.batches.push(answer.batch);
    outcome.done += answer.done;
    outcome.failed.push(...answer.failed);
  }
  return outcome;
}

export async function undo(batches: readonly string[]): Promise<void> {
  for (const batch of batches.toReversed()) await call('POST', `/assets/bulk/${batch}/undo`);
}
