-- The words of each segment, as the analysis in Java finds them. They stand beside the segments, so that writing them
-- again costs no entry in the vector index; a row stays in one piece, so that ranking reads it at once.
CREATE TABLE freshet_words (
    embedding_id uuid PRIMARY KEY REFERENCES freshet_segment ON DELETE CASCADE,
    analysis     integer  NOT NULL, -- the version of the analysis
    length       integer  NOT NULL, -- in words
    words        tsvector NOT NULL
) WITH (toast_tuple_target = 8160);
ALTER TABLE freshet_words ALTER COLUMN words SET STORAGE MAIN;
-- Each search reads the list of what is not sorted in yet.
CREATE INDEX freshet_words_words ON freshet_words USING gin (words) WITH (gin_pending_list_limit = 512);

-- Takes its index with it.
ALTER TABLE freshet_segment DROP COLUMN words;
