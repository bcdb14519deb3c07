package dev.freshet.index;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which metadata is read, and how much of it.
 *
 * @param columns null for all
 * @param maxBytes the most bytes of all documents together, as JSON
 */
public record MetadataSelection(@Nullable List<String> columns, long maxBytes) {

  public MetadataSelection {
    columns = columns == null ? null : List.copyOf(new TreeSet<>(columns));
  }

  public static MetadataSelection of(Collection<String> columns, long maxBytes) {
    return new MetadataSelection(List.copyOf(columns), maxBytes);
  }
}
