-- The audit log as a chain: a keeper gives each entry its place and the hash of everything up to it,
-- once, and signs the last one. Meanings: docs/adr/0009.

ALTER TABLE audit ADD COLUMN place {int};
ALTER TABLE audit ADD COLUMN hash {blob};

CREATE UNIQUE INDEX audit_place ON audit (tenant, place) WHERE place IS NOT NULL;
CREATE INDEX audit_unsealed ON audit (tenant, id) WHERE place IS NULL;

CREATE TABLE audit_seal (
    tenant {uuid} NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('seal', 'checkpoint')),
    place {int} NOT NULL, -- of the last entry before it
    hash {blob} NOT NULL, -- of that entry
    sealed_at {int} NOT NULL,
    signature {blob} NOT NULL,
    PRIMARY KEY (tenant, kind, place),
    FOREIGN KEY (tenant) REFERENCES tenant (id) ON DELETE CASCADE
) {keyed};
