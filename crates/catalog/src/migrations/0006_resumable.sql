-- Uploads that may break off and go on. Their bytes lie in parts that are objects of their own until
-- they are made one blob. Meanings: docs/adr/0012.

CREATE TABLE resumable (
    tenant {uuid} NOT NULL,
    id {uuid} NOT NULL,
    owner {uuid} NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('whole', 'partial', 'final')),
    state TEXT NOT NULL CHECK (state IN ('open', 'complete', 'failed', 'ended', 'expired')),
    length {int}, -- NULL: not said yet
    received {int} NOT NULL, -- bytes that are safe
    reserved {int} NOT NULL, -- bytes of the owner's quota that are held for it
    metadata TEXT NOT NULL, -- as the client sent it
    partials TEXT, -- of a final upload: the uploads it is made of, in order
    joined_by {uuid}, -- of a partial upload: the final one that it is part of
    asset {uuid}, -- what it became
    duplicate {bool}, -- that asset was there before
    problem_code TEXT,
    problem_message TEXT,
    lease_token {uuid}, -- who writes to it
    lease_until {int}, -- until when that holds without a word
    wanted_by {uuid}, -- who waits for that one to let go
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, owner) REFERENCES app_user (tenant, id) ON DELETE CASCADE
) {keyed};
CREATE INDEX resumable_open ON resumable (tenant, owner) WHERE state = 'open';
CREATE INDEX resumable_due ON resumable (expires_at) WHERE state = 'open';
CREATE INDEX resumable_joined ON resumable (tenant, joined_by) WHERE joined_by IS NOT NULL;
CREATE INDEX resumable_over ON resumable (updated_at) WHERE state <> 'open';

CREATE TABLE resumable_part (
    tenant {uuid} NOT NULL,
    upload {uuid} NOT NULL,
    start {int} NOT NULL, -- of its first byte in the file
    size {int} NOT NULL,
    blob {uuid} NOT NULL, -- binds the object's encryption; never used again
    object TEXT NOT NULL,
    PRIMARY KEY (tenant, upload, start),
    FOREIGN KEY (tenant, upload) REFERENCES resumable (tenant, id) ON DELETE CASCADE
) {keyed};
CREATE INDEX resumable_part_blob ON resumable_part (blob);

-- What is still coming in counts before it is there, so that two uploads cannot share the last room.
ALTER TABLE app_user ADD COLUMN reserved {int} NOT NULL DEFAULT 0;
