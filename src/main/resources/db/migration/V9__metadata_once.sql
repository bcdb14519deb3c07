-- Metadata stands once a document. V11 fills these columns, and puts a view in the place of the table that is renamed.
ALTER TABLE freshet_segment RENAME TO freshet_text_segment;
ALTER TABLE freshet_document
    ADD COLUMN metadata       jsonb,   -- the row's columns, as JSON has them
    ADD COLUMN metadata_bytes integer, -- how long it is as a text
    ADD COLUMN flattened      jsonb,   -- what LangChain4j's reader is to see of it that differs
    ADD COLUMN terms          text[];  -- what filters compare
