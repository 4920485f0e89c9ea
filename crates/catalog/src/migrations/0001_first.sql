-- The first schema. Conventions:
--   ids are UUIDv7; times are milliseconds since the epoch, UTC; JSON is TEXT that Rust has written;
--   every table of a tenant has the key (tenant, id); words ('live', 'waiting') are spelled out, so
--   that a dump reads by itself. What a table means is told in docs/adr/0002-catalog-model.md.

-- People ---------------------------------------------------------------------------------------

CREATE TABLE tenant (
    id {uuid} NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_at {int} NOT NULL
) {typed};

CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    updated_at {int} NOT NULL
) {typed};

CREATE TABLE role (
    tenant {uuid} NOT NULL REFERENCES tenant (id),
    name TEXT NOT NULL,
    permissions TEXT NOT NULL,
    built_in {bool} NOT NULL,
    PRIMARY KEY (tenant, name)
) {keyed};

CREATE TABLE app_user (
    tenant {uuid} NOT NULL REFERENCES tenant (id),
    id {uuid} NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL, -- case-folded
    name TEXT,
    password TEXT, -- PHC string; NULL: no sign-in by password
    state TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
    quota {int}, -- bytes; NULL: no limit
    used {int} NOT NULL DEFAULT 0 CHECK (used >= 0),
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, email_key)
) {typed};

CREATE TABLE user_role (
    tenant {uuid} NOT NULL,
    app_user {uuid} NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (tenant, app_user, role),
    FOREIGN KEY (tenant, app_user) REFERENCES app_user (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, role) REFERENCES role (tenant, name)
) {keyed};

CREATE TABLE session (
    tenant {uuid} NOT NULL,
    id {uuid} NOT NULL,
    app_user {uuid} NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('cookie', 'token')),
    secret {blob} NOT NULL, -- hash
    previous {blob}, -- hash of the secret before the last rotation
    user_agent TEXT,
    address TEXT,
    created_at {int} NOT NULL,
    used_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    revoked_at {int},
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, app_user) REFERENCES app_user (tenant, id) ON DELETE CASCADE
) {typed};
CREATE UNIQUE INDEX session_id ON session (id);
CREATE INDEX session_of_user ON session (tenant, app_user);

CREATE TABLE api_key (
    tenant {uuid} NOT NULL,
    id {uuid} NOT NULL,
    app_user {uuid} NOT NULL,
    name TEXT NOT NULL,
    prefix TEXT NOT NULL, -- the first characters, to tell keys apart in a list
    secret {blob} NOT NULL, -- hash
    scopes TEXT NOT NULL,
    created_at {int} NOT NULL,
    expires_at {int},
    used_at {int},
    revoked_at {int},
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, app_user) REFERENCES app_user (tenant, id) ON DELETE CASCADE
) {typed};
CREATE UNIQUE INDEX api_key_secret ON api_key (secret);
CREATE INDEX api_key_of_user ON api_key (tenant, app_user);

-- Bytes ----------------------------------------------------------------------------------------

CREATE TABLE content (
    tenant {uuid} NOT NULL,
    sha256 {blob} NOT NULL,
    size {int} NOT NULL,
    media_type TEXT NOT NULL,
    facts TEXT NOT NULL,
    facts_version {int} NOT NULL DEFAULT 0,
    created_at {int} NOT NULL,
    PRIMARY KEY (tenant, sha256)
) {typed};

CREATE TABLE blob (
    tenant {uuid} NOT NULL,
    id {uuid} NOT NULL,
    sha256 {blob} NOT NULL,
    size {int} NOT NULL,
    stored_size {int} NOT NULL,
    object TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('live', 'condemned', 'gone')),
    refs {int} NOT NULL DEFAULT 0,
    created_at {int} NOT NULL,
    state_at {int} NOT NULL,
    PRIMARY KEY (tenant, id)
) {typed};
CREATE UNIQUE INDEX blob_live ON blob (tenant, sha256) WHERE state = 'live';
CREATE UNIQUE INDEX blob_id ON blob (id); -- ids are unique beyond a tenant: the sweep has only those
CREATE UNIQUE INDEX blob_object ON blob (object);
CREATE INDEX blob_unreferenced ON blob (state_at) WHERE state = 'live' AND refs = 0;
CREATE INDEX blob_condemned ON blob (state_at) WHERE state = 'condemned';

CREATE TABLE blob_copy (
    tenant {uuid} NOT NULL,
    blob {uuid} NOT NULL,
    store TEXT NOT NULL,
    tier TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('present', 'damaged', 'missing')),
    verified_at {int} NOT NULL, -- when it was last read back whole; at first, when it was written
    PRIMARY KEY (tenant, blob, store),
    FOREIGN KEY (tenant, blob) REFERENCES blob (tenant, id) ON DELETE CASCADE
) {keyed};

-- Media ----------------------------------------------------------------------------------------

CREATE TABLE asset (
    tenant {uuid} NOT NULL,
    id {uuid} NOT NULL,
    owner {uuid} NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    sha256 {blob} NOT NULL, -- the current version's original
    version {uuid} NOT NULL,
    version_number {int} NOT NULL,
    file_name TEXT NOT NULL,
    -- What a person said. NULL: nothing, so the file's own fact holds. '' or 0: "nothing" was said.
    title TEXT,
    description TEXT,
    rating {int},
    captured_local TEXT,
    captured_offset {int},
    captured_source TEXT,
    favourite {bool} NOT NULL,
    archived {bool} NOT NULL,
    locked {bool} NOT NULL,
    trashed_at {int},
    metadata TEXT NOT NULL,
    -- Derived from the above and from content.facts.
    taken_sort {int} NOT NULL,
    camera TEXT NOT NULL,
    search_text TEXT NOT NULL,
    keywords_of {blob}, -- the content whose keywords have become tags
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    revision {int} NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, owner) REFERENCES app_user (tenant, id),
    FOREIGN KEY (tenant, sha256) REFERENCES content (tenant, sha256)
) {typed};
-- An owner has the same bytes once.
CREATE UNIQUE INDEX asset_bytes ON asset (tenant, owner, sha256);
CREATE INDEX asset_taken ON asset (tenant, owner, taken_sort, id) WHERE trashed_at IS NULL;
CREATE INDEX asset_created ON asset (tenant, owner, created_at, id) WHERE trashed_at IS NULL;
CREATE INDEX asset_trash ON asset (tenant, owner, taken_sort, id) WHERE trashed_at IS NOT NULL;
CREATE INDEX asset_content ON asset (tenant, sha256);

CREATE TABLE version (
    tenant {uuid} NOT NULL,
    id {uuid} NOT NULL,
    asset {uuid} NOT NULL,
    number {int} NOT NULL,
    file_name TEXT NOT NULL,
    created_by {uuid} NOT NULL,
    created_at {int} NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, asset, number),
    FOREIGN KEY (tenant, asset) REFERENCES asset (tenant, id) ON DELETE CASCADE
) {keyed};

CREATE TABLE version_file (
    tenant {uuid} NOT NULL,
    version {uuid} NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('original', 'raw', 'motion', 'sidecar')),
    sha256 {blob} NOT NULL,
    blob {uuid} NOT NULL,
    PRIMARY KEY (tenant, version, role, sha256),
    FOREIGN KEY (tenant, version) REFERENCES version (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, blob) REFERENCES blob (tenant, id),
    FOREIGN KEY (tenant, sha256) REFERENCES content (tenant, sha256)
) {keyed};
CREATE INDEX version_file_blob ON version_file (tenant, blob);
CREATE INDEX version_file_content ON version_file (tenant, sha256);

CREATE TABLE rendition (
    tenant {uuid} NOT NULL,
    sha256 {blob} NOT NULL,
    name TEXT NOT NULL,
    step_version {int} NOT NULL,
    object TEXT NOT NULL,
    width {int} NOT NULL,
    height {int} NOT NULL,
    mime TEXT NOT NULL,
    size {int} NOT NULL,
    created_at {int} NOT NULL,
    PRIMARY KEY (tenant, sha256, name),
    FOREIGN KEY (tenant, sha256) REFERENCES content (tenant, sha256) ON DELETE CASCADE
) {keyed};

CREATE TABLE asset_revision (
    tenant {uuid} NOT NULL,
    asset {uuid} NOT NULL,
    revision {int} NOT NULL,
    made_by {uuid} NOT NULL,
    made_at {int} NOT NULL,
    before_json TEXT NOT NULL,
    after_json TEXT NOT NULL,
    PRIMARY KEY (tenant, asset, revision),
    FOREIGN KEY (tenant, asset) REFERENCES asset (tenant, id) ON DELETE CASCADE
) {keyed};

CREATE TABLE asset_tag (
    tenant {uuid} NOT NULL,
    asset {uuid} NOT NULL,
    tag TEXT NOT NULL, -- normalised
    label TEXT NOT NULL, -- as written
    PRIMARY KEY (tenant, asset, tag),
    FOREIGN KEY (tenant, asset) REFERENCES asset (tenant, id) ON DELETE CASCADE
) {keyed};
CREATE INDEX asset_tag_tag ON asset_tag (tenant, tag, asset);

-- Work -----------------------------------------------------------------------------------------

CREATE TABLE step (
    tenant {uuid} NOT NULL,
    asset {uuid} NOT NULL,
    version {uuid} NOT NULL,
    name TEXT NOT NULL,
    step_version {int} NOT NULL,
    position {int} NOT NULL,
    picture {bool} NOT NULL, -- without it there is nothing to look at
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
    attempts {int} NOT NULL DEFAULT 0,
    started_at {int},
    finished_at {int},
    code TEXT,
    message TEXT,
    retryable {bool} NOT NULL,
    PRIMARY KEY (tenant, asset, version, name),
    FOREIGN KEY (tenant, asset) REFERENCES asset (tenant, id) ON DELETE CASCADE
) {keyed};

-- The queue is the installation's, so a job's key is its id alone.
CREATE TABLE job (
    id {uuid} NOT NULL PRIMARY KEY,
    tenant {uuid} NOT NULL,
    asset {uuid},
    kind TEXT NOT NULL,
    priority {int} NOT NULL,
    run_at {int} NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'dead')),
    attempts {int} NOT NULL DEFAULT 0,
    max_attempts {int} NOT NULL,
    lease_until {int},
    lease_token {uuid},
    ukey TEXT,
    payload TEXT NOT NULL,
    last_error TEXT,
    created_at {int} NOT NULL
) {keyed};
CREATE INDEX job_waiting ON job (priority DESC, run_at, id) WHERE state = 'waiting';
CREATE INDEX job_expiring ON job (lease_until) WHERE state = 'running';
CREATE INDEX job_leased ON job (lease_token) WHERE state = 'running';
CREATE UNIQUE INDEX job_once ON job (tenant, kind, ukey) WHERE ukey IS NOT NULL AND state IN ('waiting', 'running');
CREATE INDEX job_asset ON job (tenant, asset) WHERE asset IS NOT NULL;

CREATE TABLE upload (
    tenant {uuid} NOT NULL,
    id {uuid} NOT NULL,
    owner {uuid} NOT NULL,
    file_name TEXT NOT NULL,
    size {int} NOT NULL,
    media_type TEXT,
    sha256 {blob},
    state TEXT NOT NULL CHECK (state IN ('open', 'receiving', 'complete', 'failed', 'expired')),
    asset {uuid},
    problem_code TEXT,
    problem_message TEXT,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, owner) REFERENCES app_user (tenant, id) ON DELETE CASCADE
) {keyed};
CREATE INDEX upload_unfinished ON upload (expires_at) WHERE state IN ('open', 'receiving');

-- What happened --------------------------------------------------------------------------------

CREATE TABLE audit (
    tenant {uuid} NOT NULL,
    id {uuid} NOT NULL,
    happened_at {int} NOT NULL,
    actor {uuid}, -- NULL: the program itself, or nobody yet
    action TEXT NOT NULL,
    subject {uuid}, -- what it was done to
    detail TEXT NOT NULL,
    address TEXT,
    request {uuid},
    PRIMARY KEY (tenant, id)
) {keyed};

CREATE TABLE change (
    seq {identity},
    xid {int} NOT NULL,
    tenant {uuid} NOT NULL,
    kind TEXT NOT NULL,
    asset {uuid} NOT NULL,
    owner {uuid} NOT NULL,
    status TEXT,
    happened_at {int} NOT NULL,
    {change_key}
) {typed};

-- The last row that was pruned: a follower who has not read it has missed something.
CREATE TABLE change_floor (
    one {int} NOT NULL PRIMARY KEY CHECK (one = 1),
    xid {int} NOT NULL,
    seq {int} NOT NULL
) {typed};
INSERT INTO change_floor (one, xid, seq) VALUES (1, 0, 0);
