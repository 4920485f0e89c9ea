-- Copies of stored bytes: what is still to be copied, when each copy was last looked at, what was found
-- wrong, and the checks of everything that people ask for. Meanings: docs/adr/0012.

-- A copy says which part its store plays (primary, replica, …), not what the store is called: a folder
-- may move.
UPDATE blob_copy SET store = 'primary' WHERE store <> 'external';
-- verified_at is when it was last read back whole, checked_at when that was last tried.
ALTER TABLE blob_copy ADD COLUMN checked_at {int} NOT NULL DEFAULT 0;
UPDATE blob_copy SET checked_at = verified_at;
CREATE INDEX blob_copy_checked ON blob_copy (store, checked_at);
CREATE INDEX blob_copy_unsound ON blob_copy (store) WHERE state <> 'present';

-- What a store is still to get. Written with the blob, gone with the copy.
CREATE TABLE copy_due (
    store TEXT NOT NULL,
    tenant {uuid} NOT NULL,
    blob {uuid} NOT NULL,
    stored_size {int} NOT NULL, -- of the blob, so that what is behind can be summed up here
    since {int} NOT NULL,
    run_at {int} NOT NULL,
    attempts {int} NOT NULL DEFAULT 0,
    problem TEXT, -- why the last attempt failed
    PRIMARY KEY (store, tenant, blob),
    FOREIGN KEY (tenant, blob) REFERENCES blob (tenant, id) ON DELETE CASCADE
) {keyed};
CREATE INDEX copy_due_next ON copy_due (store, run_at);

-- A copy that was not what it ought to be, and what became of it.
CREATE TABLE finding (
    tenant {uuid} NOT NULL,
    id {uuid} NOT NULL,
    blob {uuid} NOT NULL,
    store TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('damaged', 'missing', 'unreadable')),
    reason TEXT NOT NULL,
    found_by TEXT NOT NULL CHECK (found_by IN ('scrub', 'check', 'read')),
    found_at {int} NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('open', 'repaired', 'sound', 'replaced', 'dropped')),
    outcome_at {int} NOT NULL,
    problem TEXT, -- why it could not be repaired
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, blob) REFERENCES blob (tenant, id) ON DELETE CASCADE
) {typed};
CREATE UNIQUE INDEX finding_id ON finding (id);
CREATE UNIQUE INDEX finding_open ON finding (tenant, blob, store) WHERE outcome = 'open';

-- A check of every copy that somebody asked for. Where it stands is told by checked_at of the copies.
CREATE TABLE check_run (
    id {uuid} NOT NULL PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'cancelled')),
    started_by TEXT NOT NULL,
    started_at {int} NOT NULL,
    ended_at {int},
    copies {int} NOT NULL, -- that there were to look at when it began, and their bytes
    bytes {int} NOT NULL,
    checked {int} NOT NULL DEFAULT 0,
    checked_bytes {int} NOT NULL DEFAULT 0,
    found {int} NOT NULL DEFAULT 0,
    repaired {int} NOT NULL DEFAULT 0,
    message TEXT -- why it cannot go on just now
) {typed};
CREATE UNIQUE INDEX check_run_one ON check_run (state) WHERE state = 'running';
