-- Events that arrive late find the versions before the newest one.
ALTER TABLE freshet_document
    ADD COLUMN version json, -- of the newest: which values its event left out, where the row moved
    ADD COLUMN past    json, -- NULL when there was none; of json with a NUL nothing can be asked
    ADD COLUMN has_past boolean NOT NULL DEFAULT false; -- whether past has versions
UPDATE freshet_document
SET past = json_build_object('forgottenBefore', position, 'versions', json_build_array());
CREATE INDEX freshet_document_past ON freshet_document (indexed_at) WHERE has_past;
