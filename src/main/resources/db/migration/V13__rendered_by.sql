-- What has made a document: its mapping and the splitter. Empty where nothing was made, and in older rows. A constant
-- default rewrites no row.
ALTER TABLE freshet_document
    ADD COLUMN rendered_by text COLLATE "C" NOT NULL DEFAULT '';

-- Pages of a table's documents in the order of their ids. An entry has a bounded length, an id has not.
CREATE INDEX freshet_document_page ON freshet_document
    (table_name, (left(document_id, 400)) COLLATE "C")
    WHERE NOT deleted;
CREATE INDEX freshet_document_rendered ON freshet_document
    (table_name, rendered_by, (left(document_id, 400)) COLLATE "C")
    WHERE content_hash <> '';
