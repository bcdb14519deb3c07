-- What the vectors have in common; a writer with another model is refused.
CREATE TABLE freshet_index (
    only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    model     text    NOT NULL,
    dimension integer NOT NULL
);
INSERT INTO freshet_index (model, dimension) VALUES ('${model}', ${dimension});

-- A table of the source, and the position of its newest truncation.
CREATE TABLE freshet_table (
    table_name   text PRIMARY KEY,
    truncated_at text
);

-- What is remembered of a document. Positions are compared in Java only.
CREATE TABLE freshet_document (
    document_id   text PRIMARY KEY,
    table_name    text        NOT NULL,
    joined_key    text        NOT NULL,
    deleted       boolean     NOT NULL,
    position      text        NOT NULL,
    tx_id         bigint,
    committed_at  timestamptz,
    captured_at   timestamptz,
    received_at   timestamptz NOT NULL,
    columns       json        NOT NULL, -- json keeps every digit and every NUL; jsonb does not
    content_hash  text        NOT NULL,
    metadata_hash text        NOT NULL,
    indexed_at    timestamptz NOT NULL,
    revision      bigint      NOT NULL
);
CREATE INDEX freshet_document_table ON freshet_document (table_name);
CREATE INDEX freshet_document_tombstone ON freshet_document (indexed_at) WHERE deleted;

-- The first four columns are the table that LangChain4j's PgVectorEmbeddingStore reads
-- (MetadataStorageMode.COMBINED_JSONB).
CREATE TABLE freshet_segment (
    embedding_id uuid PRIMARY KEY,
    embedding    vector(${dimension}) NOT NULL,
    text         text                 NOT NULL,
    metadata     jsonb                NOT NULL,
    document_id  text                 NOT NULL REFERENCES freshet_document ON DELETE CASCADE,
    ordinal      integer              NOT NULL,
    words        tsvector GENERATED ALWAYS AS (to_tsvector('simple', text)) STORED
);
CREATE INDEX freshet_segment_embedding ON freshet_segment USING hnsw (embedding vector_cosine_ops);
CREATE INDEX freshet_segment_words ON freshet_segment USING gin (words);
CREATE INDEX freshet_segment_document ON freshet_segment (document_id, ordinal);
