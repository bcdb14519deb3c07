-- What the index as a whole has to know across restarts, one text a name.
CREATE TABLE freshet_note (
    name text PRIMARY KEY,
    text text NOT NULL
);
