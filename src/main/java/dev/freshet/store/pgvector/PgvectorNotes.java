package dev.freshet.store.pgvector;

import dev.freshet.ledger.NoteLedger;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** The notes in PostgreSQL. */
final class PgvectorNotes implements NoteLedger {

  private final PgvectorIndexStore store;

  PgvectorNotes(PgvectorIndexStore store) {
    this.store = store;
  }

  @Override
  public Optional<String> read(String name) {
    return store.inTransaction(handle -> read(handle, name));
  }

  private static Optional<String> read(Handle handle, String name) {
    return handle
        .createQuery("SELECT text FROM freshet_note WHERE name = :name")
        .bind("name", name)
        .mapTo(String.class)
        .findOne();
  }

  @Override
  public void write(String name, String text) {
    store.inTransaction(
        handle ->
            insert(handle, name, text, "ON CONFLICT (name) DO UPDATE SET text = excluded.text"));
  }

  /** Another transaction's row is waited for, and read by a statement that begins after it. */
  @Override
  public String claim(String name, String text) {
    return store.inTransaction(
        handle -> {
          insert(handle, name, text, "ON CONFLICT (name) DO NOTHING");
          return read(handle, name).orElseThrow();
        });
  }

  @Override
  public boolean replace(String name, String expected, String text) {
    return store.inTransaction(
        handle ->
            handle
                    .createUpdate(
                        "UPDATE freshet_note SET text = :text WHERE name = :name AND text = :expected")
                    .bind("name", name)
                    .bind("expected", expected)
                    .bind("text", text)
                    .execute()
                == 1);
  }

  @Override
  public void remove(String name) {
    store.inTransaction(
        handle ->
            handle
                .createUpdate("DELETE FROM freshet_note WHERE name = :name")
                .bind("name", name)
                .execute());
  }

  @Override
  public SortedMap<String, String> startingWith(String prefix) {
    return store.inTransaction(
        handle ->
            handle
                .createQuery("SELECT name, text FROM freshet_note WHERE starts_with(name, :prefix)")
                .bind("prefix", prefix)
                .reduceRows(
                    new TreeMap<>(),
                    (notes, row) -> {
                      notes.put(
                          row.getColumn("name", String.class), row.getColumn("text", String.class));
                      return notes;
                    }));
  }

  private static int insert(Handle handle, String name, String text, String onConflict) {
    return handle
        .createUpdate("INSERT INTO freshet_note (name, text) VALUES (:name, :text) " + onConflict)
        .bind("name", name)
        .bind("text", text)
        .execute();
  }
}
