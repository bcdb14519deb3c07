package dev.freshet.store.pgvector;

import dev.freshet.ledger.DeadLetterLedger;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Dead letters in PostgreSQL. */
final class PgvectorDeadLetters implements DeadLetterLedger {

  private final PgvectorIndexStore store;

  PgvectorDeadLetters(PgvectorIndexStore store) {
    this.store = store;
  }

  @Override
  public void append(String letter) {
    store.inTransaction(handle -> insert(handle, letter));
  }

  private static int insert(Handle handle, String letter) {
    return handle
        .createUpdate("INSERT INTO freshet_dead_letter (letter) VALUES (:letter)")
        .bind("letter", letter)
        .execute();
  }

  @Override
  public Optional<KeptLetter> firstAfter(long place) {
    return store.inTransaction(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT place, letter FROM freshet_dead_letter
                    WHERE place > :place ORDER BY place LIMIT 1
                    """)
                .bind("place", place)
                .map((row, context) -> new KeptLetter(row.getLong(1), row.getString(2)))
                .findOne());
  }

  @Override
  public boolean remove(long place) {
    return store.inTransaction(handle -> delete(handle, place));
  }

  private static boolean delete(Handle handle, long place) {
    return handle
            .createUpdate("DELETE FROM freshet_dead_letter WHERE place = :place")
            .bind("place", place)
            .execute()
        > 0;
  }

  @Override
  public boolean replace(long place, String letter) {
    return store.inTransaction(handle -> delete(handle, place) && insert(handle, letter) > 0);
  }

  @Override
  public long count() {
    return store.inTransaction(
        handle ->
            handle.createQuery("SELECT count(*) FROM freshet_dead_letter").mapTo(Long.class).one());
  }
}
