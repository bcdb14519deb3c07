package dev.freshet.freshness;

import dev.freshet.changeevent.TableId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables whose changes came since the start and became no documents. */
public final class IgnoredTables {

  /** A table's name comes from outside: many would fill the memory. */
  private static final int MOST = 100;

  private final Map<TableId, IgnoredTable> tables =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TableId, IgnoredTable> eldest) {
          return size() > MOST;
        }
      };

  /**
   * A change of a table came and was ignored.
   *
   * @param partitionOf the mapped table of which it seems to be a partition; null when of none
   * @return whether it is the table's first
   */
  public synchronized boolean add(
      TableId table, String reason, @Nullable TableId partitionOf, Instant now) {
    // The newest stands last, so that the one that came least lately is forgotten.
    IgnoredTable known = tables.remove(table);
    long before = known == null ? 0 : known.changes();
    tables.put(table, new IgnoredTable(table, reason, partitionOf, before + 1, now));
    return known == null;
  }

  public synchronized Optional<IgnoredTable> find(TableId table) {
    return Optional.ofNullable(tables.get(table));
  }

  /** The one whose change came last stands last. */
  public synchronized List<IgnoredTable> all() {
    return List.copyOf(tables.values());
  }

  /**
   * A table whose changes become no documents.
   *
   * @param reason the word that metrics use, such as {@code unmapped-table}
   * @param partitionOf the mapped table of which it seems to be a partition; null when of none
   * @param changes how many came since the start
   * @param newestAt when the last of them came
   */
  public record IgnoredTable(
      TableId table,
      String reason,
      @Nullable TableId partitionOf,
      long changes,
      Instant newestAt) {}
}
