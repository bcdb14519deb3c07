package dev.freshet.store;

import dev.freshet.changeevent.TableId;
import dev.langchain4j.store.embedding.filter.Filter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which segments a search looks at, and how many it answers.
 *
 * @param limit the most hits, at least 1
 * @param onlyTable the table to look in; null for all
 * @param metadataFilter a condition on the metadata; null for none. Made of comparisons, And, Or
 *     and Not; a segment without the key satisfies no comparison but {@code !=}
 */
public record SearchScope(int limit, @Nullable TableId onlyTable, @Nullable Filter metadataFilter) {

  public SearchScope {
    if (limit < 1) {
      throw new IllegalArgumentException("the limit is less than 1: " + limit);
    }
  }

  public static SearchScope everything(int limit) {
    return new SearchScope(limit, null, null);
  }

  public Optional<TableId> table() {
    return Optional.ofNullable(onlyTable);
  }

  public Optional<Filter> filter() {
    return Optional.ofNullable(metadataFilter);
  }
}
