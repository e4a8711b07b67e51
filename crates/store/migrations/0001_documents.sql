-- Settings, users, alert states and what waits to be sent: JSON documents by kind and id.
-- Only what SQLite and PostgreSQL both know. Ids are compared byte by byte.
CREATE TABLE document (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, id)
);
