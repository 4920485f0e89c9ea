-- What a library needs that people keep open and share: collections, grants, links, invitations,
-- notices; and the columns lists are narrowed, counted and drawn by. Meanings: docs/adr/0002 and 0007.

-- Assets ---------------------------------------------------------------------------------------

ALTER TABLE asset ADD COLUMN said_place TEXT; -- JSON of a place; 'null': none, whatever the file says
ALTER TABLE asset ADD COLUMN beside TEXT; -- facts that a sidecar told; they come before the content's
-- Derived, as taken_sort is.
ALTER TABLE asset ADD COLUMN day {int} NOT NULL DEFAULT 0; -- of taken_sort, in days since the epoch
ALTER TABLE asset ADD COLUMN lat {real};
ALTER TABLE asset ADD COLUMN lon {real};
ALTER TABLE asset ADD COLUMN stars {int} NOT NULL DEFAULT 0;
ALTER TABLE asset ADD COLUMN width {int};
ALTER TABLE asset ADD COLUMN height {int};
ALTER TABLE asset ADD COLUMN thumbhash TEXT;

UPDATE asset SET
    day = (taken_sort - ((taken_sort % 86400000) + 86400000) % 86400000) / 86400000,
    lat = (SELECT CAST(c.facts{json} -> 'place' ->> 'lat' AS {real}) FROM content c
           WHERE c.tenant = asset.tenant AND c.sha256 = asset.sha256),
    lon = (SELECT CAST(c.facts{json} -> 'place' ->> 'lon' AS {real}) FROM content c
           WHERE c.tenant = asset.tenant AND c.sha256 = asset.sha256),
    stars = COALESCE(rating, (SELECT CAST(c.facts{json} ->> 'rating' AS {int}) FROM content c
           WHERE c.tenant = asset.tenant AND c.sha256 = asset.sha256), 0),
    width = (SELECT CAST(c.facts{json} ->> 'width' AS {int}) FROM content c
           WHERE c.tenant = asset.tenant AND c.sha256 = asset.sha256),
    height = (SELECT CAST(c.facts{json} ->> 'height' AS {int}) FROM content c
           WHERE c.tenant = asset.tenant AND c.sha256 = asset.sha256),
    thumbhash = (SELECT c.facts{json} ->> 'thumbhash' FROM content c
           WHERE c.tenant = asset.tenant AND c.sha256 = asset.sha256);

-- The order of a timeline is (day, taken_sort, id): that of taken_sort, and countable by day. What the
-- index is narrowed by stands in it, too: SQLite looks at it again, and would read the rows for it. So
-- does what a library is filtered and counted by, so that neither reads a row that does not fit.
DROP INDEX asset_taken;
DROP INDEX asset_trash;
CREATE INDEX asset_timeline ON asset (tenant, owner, day, taken_sort, id, archived, locked, trashed_at, favourite, stars, kind, camera)
    WHERE trashed_at IS NULL AND archived = FALSE AND locked = FALSE;
CREATE INDEX asset_aside ON asset (tenant, owner, day, taken_sort, id)
    WHERE trashed_at IS NULL AND (archived = TRUE OR locked = TRUE);
CREATE INDEX asset_trash ON asset (tenant, owner, trashed_at, id) WHERE trashed_at IS NOT NULL;
CREATE INDEX asset_favourite ON asset (tenant, owner, day, taken_sort, id) WHERE favourite = TRUE;
CREATE INDEX asset_place ON asset (tenant, owner, lat, lon) WHERE lat IS NOT NULL;

-- Collections ----------------------------------------------------------------------------------

CREATE TABLE collection (
    tenant {uuid} NOT NULL,
    id {uuid} NOT NULL,
    owner {uuid} NOT NULL,
    parent {uuid}, -- of the same owner
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    cover {uuid}, -- an asset in it; NULL: the newest
    query TEXT, -- a smart collection: a saved search of its owner's library; never shared
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    revision {int} NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, owner) REFERENCES app_user (tenant, id),
    FOREIGN KEY (tenant, parent) REFERENCES collection (tenant, id)
) {typed};
CREATE INDEX collection_owner ON collection (tenant, owner, id);
CREATE INDEX collection_parent ON collection (tenant, parent) WHERE parent IS NOT NULL;

CREATE TABLE collection_asset (
    tenant {uuid} NOT NULL,
    collection {uuid} NOT NULL,
    asset {uuid} NOT NULL,
    position {int} NOT NULL, -- an order of the owner's making; ties by id
    added_by {uuid} NOT NULL,
    added_at {int} NOT NULL,
    PRIMARY KEY (tenant, collection, asset),
    FOREIGN KEY (tenant, collection) REFERENCES collection (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, asset) REFERENCES asset (tenant, id) ON DELETE CASCADE
) {keyed};
CREATE INDEX collection_asset_asset ON collection_asset (tenant, asset, collection);

-- Opens a collection, and those nested in it, to a user.
CREATE TABLE collection_grant (
    tenant {uuid} NOT NULL,
    collection {uuid} NOT NULL,
    app_user {uuid} NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('view', 'download', 'comment', 'contribute', 'edit')),
    granted_by {uuid} NOT NULL,
    granted_at {int} NOT NULL,
    PRIMARY KEY (tenant, collection, app_user),
    FOREIGN KEY (tenant, collection) REFERENCES collection (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, app_user) REFERENCES app_user (tenant, id) ON DELETE CASCADE
) {keyed};
CREATE INDEX collection_grant_user ON collection_grant (tenant, app_user, collection);

-- Links ----------------------------------------------------------------------------------------

-- The link's address follows from its id and the vault's key, so no row can be used as one.
CREATE TABLE share (
    tenant {uuid} NOT NULL,
    id {uuid} NOT NULL,
    owner {uuid} NOT NULL,
    collection {uuid}, -- NULL: the selection in share_asset
    name TEXT NOT NULL,
    password TEXT, -- PHC string
    level TEXT NOT NULL CHECK (level IN ('view', 'download')),
    hide_metadata {bool} NOT NULL,
    max_views {int},
    views {int} NOT NULL DEFAULT 0,
    expires_at {int},
    revoked_at {int},
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, owner) REFERENCES app_user (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, collection) REFERENCES collection (tenant, id) ON DELETE CASCADE
) {typed};
CREATE UNIQUE INDEX share_id ON share (id);
CREATE INDEX share_owner ON share (tenant, owner, id);
CREATE INDEX share_collection ON share (tenant, collection) WHERE collection IS NOT NULL;

CREATE TABLE share_asset (
    tenant {uuid} NOT NULL,
    share {uuid} NOT NULL,
    asset {uuid} NOT NULL,
    PRIMARY KEY (tenant, share, asset),
    FOREIGN KEY (tenant, share) REFERENCES share (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, asset) REFERENCES asset (tenant, id) ON DELETE CASCADE
) {keyed};
CREATE INDEX share_asset_asset ON share_asset (tenant, asset);

-- Who followed a link, when, to what.
CREATE TABLE share_visit (
    tenant {uuid} NOT NULL,
    share {uuid} NOT NULL,
    id {uuid} NOT NULL,
    happened_at {int} NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('opened', 'refused', 'downloaded')),
    asset {uuid}, -- NULL: the link as a whole
    address TEXT,
    user_agent TEXT,
    PRIMARY KEY (tenant, share, id),
    FOREIGN KEY (tenant, share) REFERENCES share (tenant, id) ON DELETE CASCADE
) {keyed};

-- People ---------------------------------------------------------------------------------------

CREATE TABLE invitation (
    tenant {uuid} NOT NULL,
    id {uuid} NOT NULL,
    email TEXT, -- NULL: whoever has the link
    roles TEXT NOT NULL, -- names, separated by spaces
    quota {int},
    secret {blob} NOT NULL, -- hash
    invited_by {uuid} NOT NULL,
    created_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    accepted_at {int},
    accepted_by {uuid},
    revoked_at {int},
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, invited_by) REFERENCES app_user (tenant, id)
) {typed};
CREATE UNIQUE INDEX invitation_secret ON invitation (secret);

CREATE TABLE notification (
    tenant {uuid} NOT NULL,
    id {uuid} NOT NULL,
    app_user {uuid} NOT NULL,
    kind TEXT NOT NULL,
    subject {uuid}, -- what it is about: a collection, an asset
    detail TEXT NOT NULL, -- JSON: names as they were
    created_at {int} NOT NULL,
    read_at {int},
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, app_user) REFERENCES app_user (tenant, id) ON DELETE CASCADE
) {keyed};
CREATE INDEX notification_user ON notification (tenant, app_user, id);

-- What happened --------------------------------------------------------------------------------

-- A change is about an asset, a collection or a user, as its kind says.
ALTER TABLE change RENAME COLUMN asset TO subject;
-- Beside the owner's library: ids of collections, separated by spaces.
ALTER TABLE change ADD COLUMN collections TEXT NOT NULL DEFAULT '';

-- Finding what is shared --------------------------------------------------------------------------

-- The name in lower case, as our program lowers it: the databases disagree.
ALTER TABLE collection ADD COLUMN name_key TEXT NOT NULL DEFAULT '';

-- Taking back ------------------------------------------------------------------------------------

-- What had been said before of each field the edit touched. NULL: made before this was kept.
ALTER TABLE asset_revision ADD COLUMN said_before TEXT;
-- Edits that were made as one.
ALTER TABLE asset_revision ADD COLUMN batch {uuid};
CREATE INDEX asset_revision_batch ON asset_revision (tenant, batch) WHERE batch IS NOT NULL;

-- Other orders of a library ------------------------------------------------------------------------

ALTER TABLE asset ADD COLUMN size {int} NOT NULL DEFAULT 0; -- of the current version's original
UPDATE asset SET size = (SELECT c.size FROM content c WHERE c.tenant = asset.tenant AND c.sha256 = asset.sha256);
CREATE INDEX asset_size ON asset (tenant, owner, size, id) WHERE trashed_at IS NULL;
CREATE INDEX asset_stars ON asset (tenant, owner, stars, id) WHERE trashed_at IS NULL;
CREATE INDEX asset_name ON asset (tenant, owner, {file_name_key}, id) WHERE trashed_at IS NULL;

-- Sums of a library -------------------------------------------------------------------------------

-- All that is summed up, behind a column that no list is narrowed or sorted by: nothing else takes it.
CREATE INDEX asset_usage ON asset (tenant, owner, version_number, kind, created_at, trashed_at, size);

-- The log by what it is narrowed by, newest first -------------------------------------------------

CREATE INDEX audit_actor ON audit (tenant, actor, id) WHERE actor IS NOT NULL;
CREATE INDEX audit_action ON audit (tenant, action, id);
CREATE INDEX audit_subject ON audit (tenant, subject, id) WHERE subject IS NOT NULL;
