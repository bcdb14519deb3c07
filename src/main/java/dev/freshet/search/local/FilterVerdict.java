package dev.freshet.search.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.document.DocumentId;
import dev.freshet.index.Condition;
import dev.freshet.index.Condition.OfColumn;
import dev.freshet.index.DocumentMetadata;
import dev.freshet.index.MetadataSelection;
import dev.freshet.index.SearchScope;
import dev.freshet.index.SegmentIndex;
import dev.freshet.search.SearchQuery;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which of a filter's conditions leaves a document out. The index itself judges each. */
final class FilterVerdict {

  private static final int LONGEST_VALUE = 100;
  private static final long LONGEST_READ = 1_000_000;

  private final SegmentIndex index;
  private final Predicate<SearchScope> holdsSegment;

  /**
   * @param holdsSegment whether a segment of the document is in the scope
   */
  FilterVerdict(SegmentIndex index, Predicate<SearchScope> holdsSegment) {
    this.index = index;
    this.holdsSegment = holdsSegment;
  }

  /** The reason why the query's filter leaves the document out, for people. */
  String of(SearchQuery query, DocumentId document) {
    String why =
        Stream.ofNullable(query.scope().filter())
            .flatMap(Condition::parts)
            .filter(condition -> !holdsSegment.test(new SearchScope(1, null, condition)))
            .findFirst()
            .map(condition -> ": " + contradicted(condition, document))
            .orElse("");
    return "The filter leaves it out" + why + ".";
  }

  private String contradicted(OfColumn condition, DocumentId document) {
    return shortened(condition.toString()) + " does not hold, " + actual(condition, document);
  }

  private String actual(OfColumn condition, DocumentId document) {
    String column = condition.column();
    var selection = MetadataSelection.of(List.of(column), LONGEST_READ);
    List<DocumentMetadata> read = index.metadata(List.of(document), selection);
    if (read.isEmpty()) {
      return "its " + column + " is too long to be shown";
    }
    JsonNode value = read.get(0).values().get(column);
    return value == null
        ? "it has no " + column
        : "its " + column + " is " + shortened(text(value));
  }

  private static String text(JsonNode value) {
    return value.isContainerNode() ? value.toString() : value.asText();
  }

  private static String shortened(String value) {
    return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE) + "…";
  }
}
