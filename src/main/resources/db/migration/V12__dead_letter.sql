-- The dead letters of a feed that has no place for them, each as a JSON text.
CREATE TABLE freshet_dead_letter (
    place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    letter text NOT NULL
);
