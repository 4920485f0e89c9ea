// The nouns of /api/v1, taken from the API document and narrowed where it says only "string".

import type { Schemas } from '@mediavault/client';

/**
 * The document leaves out of `required` what may be null, but the server always writes it. Absent
 * facts are null, never zero or "".
 */
export type Whole<T> = T extends (infer Item)[]
  ? Whole<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: Whole<Exclude<T[Key], undefined>> }
    : T;

export type MediaKind = 'image' | 'video' | 'audio' | 'document' | 'other';
export type Status = 'pending' | 'processing' | 'ready' | 'partial' | 'failed' | 'quarantined';
export type StepState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

export type Asset = Omit<Whole<Schemas['Asset']>, 'kind' | 'status'> & {
  kind: MediaKind;
  status: Status;
  /** Counts the edits; a change is made upon one. */
  revision: number;
  /** Until it is deleted for good; of what is in the trash. */
  days_left?: number | null;
};
export type AssetProblem = Whole<Schemas['AssetProblem']>;
/** What a PATCH may change. An empty text takes it away, a rating of 0 too. */
export type AssetChange = {
  [Key in keyof Omit<Schemas['AssetEdit'], 'captured_at' | 'location' | 'use_file'>]?: NonNullable<Schemas['AssetEdit'][Key]>;
} & {
  captured_at?: { local: string; offset: string | null };
  /** Null: none. */
  location?: { lat: number; lon: number } | null;
  /** Takes back what people said of these, so that the file's own words hold. */
  use_file?: string[];
};
export type Step = Omit<Whole<Schemas['Step']>, 'state'> & { state: StepState };
export type CheckResult = Whole<Schemas['CheckItem']>;
export type Uploaded = { asset: Asset; duplicate: boolean };

export type User = Whole<Schemas['User']>;
export type AuthState = Omit<Whole<Schemas['AuthState']>, 'registration'> & {
  registration: 'open' | 'invite' | 'closed';
};
export type ApiKey = Whole<Schemas['ApiKey']>;
export type NewApiKey = Whole<Schemas['MadeApiKey']>;
export type Session = Whole<Schemas['SessionInfo']>;

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
