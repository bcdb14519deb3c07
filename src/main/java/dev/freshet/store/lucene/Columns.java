package dev.freshet.store.lucene;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;

/** Instants as columns, in microseconds as PostgreSQL has them. */
final class Columns {

  /** What stands for the instant of a Lucene document that has none. */
  static final long MISSING = Long.MIN_VALUE;

  private Columns() {}

  static long of(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  static Instant instant(long column) {
    return Instant.EPOCH.plus(column, ChronoUnit.MICROS);
  }

  static Sort newestFirst(String column) {
    var field = new SortField(column, SortField.Type.LONG, true);
    field.setMissingValue(MISSING);
    return new Sort(field);
  }
}
