-- How a version came by its vectors; NULL where no vectors are made, and in older rows.
ALTER TABLE freshet_document
    ADD COLUMN embedded_at timestamptz, -- when the embedding of its segments was finished
    ADD COLUMN embedded    integer;     -- how many of its segments were embedded anew
