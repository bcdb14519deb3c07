-- The documents whose newest change was dead-lettered. A commit of that version or a newer one deletes the row.
CREATE TABLE freshet_failure (
    document_id text PRIMARY KEY,
    table_name  text        NOT NULL,
    joined_key  text        NOT NULL,
    position    text        NOT NULL,
    reason      text        NOT NULL,
    detail      text        NOT NULL,
    failed_at   timestamptz NOT NULL
);
CREATE INDEX freshet_failure_table ON freshet_failure (table_name);
