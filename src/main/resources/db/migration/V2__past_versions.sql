-- Events that arrive late find the versions before the newest one.
ALTER TABLE freshet_document
    ADD COLUMN version json, -- of the newest: which values its event left out, where the row moved
    ADD COLUMN past    json; -- NULL when there was none
UPDATE freshet_document
SET past = json_build_object('forgottenBefore', position, 'versions', json_build_array());
CREATE INDEX freshet_document_past ON freshet_document (indexed_at)
    WHERE json_array_length(past -> 'versions') > 0;
