-- Folders that stay where they are: read, never written. A file in one is an entry; the asset it shows
-- is found by its bytes, so a path is an attribute that may change. Meanings: docs/adr/0008.

CREATE TABLE external_folder (
    tenant {uuid} NOT NULL,
    id {uuid} NOT NULL,
    owner {uuid} NOT NULL, -- in whose library its files appear
    path TEXT {bytewise} NOT NULL, -- on the machine
    state TEXT NOT NULL CHECK (state IN ('due', 'scanning', 'idle', 'unreachable', 'leaving')),
    message TEXT, -- why it is unreachable, or what the last scan could not do
    scan {int} NOT NULL DEFAULT 0, -- number of the scan that runs, or ran last
    progress TEXT NOT NULL, -- JSON: what that scan has counted
    lease_until {int},
    lease_token {uuid},
    scanned_at {int}, -- end of the last scan that saw everything
    created_by {uuid} NOT NULL,
    created_at {int} NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, path),
    FOREIGN KEY (tenant, owner) REFERENCES app_user (tenant, id) ON DELETE CASCADE
) {typed};

CREATE TABLE external_entry (
    tenant {uuid} NOT NULL,
    folder {uuid} NOT NULL,
    path TEXT {bytewise} NOT NULL, -- below the folder, parts separated by slashes
    state TEXT NOT NULL CHECK (state IN ('present', 'missing', 'beside', 'refused', 'dismissed')),
    size {int} NOT NULL,
    modified {int} NOT NULL, -- nanoseconds since the epoch, as the file system has it
    sha256 {blob}, -- NULL: could not be read
    asset {uuid}, -- NULL: no photo of its own, refused, or its owner deleted the asset for good
    problem TEXT,
    scan {int} NOT NULL, -- the last scan that met it
    state_at {int} NOT NULL,
    PRIMARY KEY (tenant, folder, path),
    FOREIGN KEY (tenant, folder) REFERENCES external_folder (tenant, id) ON DELETE CASCADE
) {keyed};
CREATE INDEX external_entry_bytes ON external_entry (tenant, sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX external_entry_asset ON external_entry (tenant, asset) WHERE asset IS NOT NULL;

-- Bytes that lie in such a folder take no room of ours and do not count against a quota.
ALTER TABLE version_file ADD COLUMN charged {bool} NOT NULL DEFAULT TRUE;
