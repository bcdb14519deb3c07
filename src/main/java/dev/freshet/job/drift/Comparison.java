package dev.freshet.job.drift;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.document.ColumnVersion;
import dev.freshet.document.DocumentChange.Upsert;
import dev.freshet.document.Fingerprint;
import dev.freshet.document.RenderedDocument;
import dev.freshet.ledger.StoredDocument;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Compares a row with the document that is stored of it. */
final class Comparison {

  /** What was found. */
  enum Finding {
    SAME,
    /** The hashes differ, and each value says the same: another mapping or form made it. */
    SAME_VALUES,
    /** Columns that one side has not: they were added or dropped, or are not captured. */
    OTHER_COLUMNS,
    MISSING,
    DIFFERENT,
    /** Nothing is found of it. */
    UNSEARCHABLE
  }

  private final Predicate<StoredDocument> isOfPresentMapping;

  /**
   * @param isOfPresentMapping whether the present mapping is known to have made a document; where
   *     that is not known, another one may have, and only values are compared
   */
  Comparison(Predicate<StoredDocument> isOfPresentMapping) {
    this.isOfPresentMapping = isOfPresentMapping;
  }

  /**
   * @param stored null where there is none
   * @param hasSegments whether searches can find the document
   */
  Finding compare(Upsert row, @Nullable StoredDocument stored, boolean hasSegments) {
    if (stored == null || stored.state().deleted()) {
      return Finding.MISSING;
    }
    if (!stored.state().complete()) {
      return Finding.DIFFERENT;
    }
    RenderedDocument rendered = row.mapping().render(row.row().values());
    boolean sameText = Fingerprint.of(rendered.content()).equals(stored.contentHash());
    boolean sameHashes =
        sameText && Fingerprint.of(rendered.metadata()).equals(stored.metadataHash());
    Finding values = sameHashes ? Finding.SAME : values(row.row().values(), stored, sameText);
    boolean says = rendered.content().codePoints().anyMatch(Character::isLetterOrDigit);
    return values != Finding.DIFFERENT && says && !hasSegments ? Finding.UNSEARCHABLE : values;
  }

  /**
   * The hash of metadata tells an integer of a decimal column from one of an integer column, and a
   * row that is read does not: where all values are the same, the text decides.
   */
  private Finding values(Map<String, JsonNode> row, StoredDocument stored, boolean sameText) {
    Map<String, ColumnVersion> columns = stored.state().columns();
    boolean exactly = true;
    for (Map.Entry<String, JsonNode> column : row.entrySet()) {
      ColumnVersion known = columns.get(column.getKey());
      if (known != null && !ValueForms.same(known.value(), column.getValue())) {
        return Finding.DIFFERENT;
      }
      exactly &= known != null && known.value().toString().equals(column.getValue().toString());
    }
    if (!columns.keySet().equals(row.keySet())) {
      return Finding.OTHER_COLUMNS;
    }
    return exactly && !sameText && isOfPresentMapping.test(stored)
        ? Finding.DIFFERENT
        : Finding.SAME_VALUES;
  }
}
