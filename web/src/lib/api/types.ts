// The nouns of /api/v1 as the server writes them. Absent facts are null, never zero or "".

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

/** RFC 9457 problem details, as every error answer carries. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  field?: string | null;
  request_id?: string;
}

export interface User {
  id: string;
  email: string;
  name: string | null;
  roles: string[];
  permissions: string[];
  quota: number | null;
  used: number;
  created_at: string;
}

export interface AuthState {
  setup_needed: boolean;
  setup_code_needed: boolean;
  registration: 'open' | 'invite' | 'closed';
  user: User | null;
}

export interface ApiKey {
  id: string;
  name: string;
  scopes: string[];
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  prefix: string;
}

export interface NewApiKey extends ApiKey {
  key: string;
}

export interface Session {
  id: string;
  created_at: string;
  last_used_at: string | null;
  expires_at?: string | null;
  user_agent?: string | null;
  address?: string | null;
  current?: boolean;
}

export type MediaKind = 'image' | 'video' | 'audio' | 'document' | 'other';
export type Status = 'pending' | 'processing' | 'ready' | 'partial' | 'failed' | 'quarantined';

export interface CapturedAt {
  /** Wall time as the camera wrote it, without offset. */
  local: string;
  offset: string | null;
  utc: string | null;
  source: string;
}

export interface Location {
  lat: number;
  lon: number;
  altitude: number | null;
  source: string;
}

export interface Camera {
  make: string | null;
  model: string | null;
  lens: string | null;
  iso: number | null;
  aperture: number | null;
  /** Seconds. */
  exposure: number | null;
  /** Millimetres as used. */
  focal_length: number | null;
}

export interface AssetProblem {
  step: string;
  code: string;
  message: string;
}

export interface Rendition {
  url: string;
  width: number | null;
  height: number | null;
  mime_type: string;
  size: number;
}

export interface Asset {
  id: string;
  kind: MediaKind;
  status: Status;
  file_name: string;
  title: string | null;
  description: string | null;
  mime_type: string;
  size: number;
  sha256: string;
  version: number;
  owner_id: string;
  width: number | null;
  height: number | null;
  duration: number | null;
  captured_at: CapturedAt | null;
  location: Location | null;
  camera: Camera | null;
  orientation: number | null;
  thumbhash: string | null;
  colors: string[] | null;
  tags: string[];
  rating: number | null;
  favourite: boolean;
  archived: boolean;
  locked: boolean;
  trashed_at: string | null;
  problems: AssetProblem[];
  created_at: string;
  updated_at: string;
  renditions: { [name: string]: Rendition | undefined };
  permissions: string[];
}

/** What a PATCH may change. An empty text takes it away, a rating of 0 too. */
export interface AssetChange {
  title?: string;
  description?: string;
  favourite?: boolean;
  rating?: number;
  archived?: boolean;
  tags?: string[];
}

export type StepState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

export interface Step {
  name: string;
  version: number;
  state: StepState;
  attempts: number;
  started_at: string | null;
  finished_at: string | null;
  duration_ms: number | null;
  code: string | null;
  message: string | null;
  retryable: boolean;
}

export interface CheckResult {
  sha256: string;
  asset_id: string | null;
  trashed: boolean;
}

export interface Uploaded {
  asset: Asset;
  duplicate: boolean;
}
