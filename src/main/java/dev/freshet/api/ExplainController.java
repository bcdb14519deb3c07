package dev.freshet.api;

import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.freshness.WatermarkTracker;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.search.Explainer;
import dev.freshet.search.Explanation;
import dev.freshet.search.SearchEngine;
import dev.freshet.search.SearchQuery;
import dev.freshet.search.UnsupportedSearchException;
import dev.freshet.search.Verdict;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells why a search finds a document, or does not. */
@Controller("/documents")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ExplainController {

  private static final List<String> NAMES =
      List.of("q", "k", "table", "mode", "filter", "minScore");

  private final Explainer explainer;
  private final WatermarkTracker tracker;
  private final FreshAnswers answers;
  private final IgnoredRows ignored;
  private final KnownTables tables;

  /**
   * @param engine null where the sink has none
   */
  ExplainController(
      DocumentLedger ledger,
      @Nullable SearchEngine engine,
      WatermarkTracker tracker,
      FreshAnswers answers,
      IgnoredRows ignored,
      KnownTables tables) {
    this.explainer = new Explainer(ledger, engine);
    this.tracker = tracker;
    this.answers = answers;
    this.ignored = ignored;
    this.tables = tables;
  }

  // Without a pattern of its own a variable ends at a plus sign, an ampersand, a bracket ...
  @Get("/{table:[^/]+}/{key:[^/]+}/explain")
  ExplainResponse explain(HttpRequest<?> request) throws UnsupportedSearchException {
    SearchQuery query =
        SearchParameters.read(QueryParameters.of(request.getParameters(), NAMES), 0);
    String[] path = request.getUri().getRawPath().split("/", -1);
    DocumentId id =
        ignored.named(DocumentController.documentId(Arrays.copyOf(path, path.length - 1)));
    TableId table = query.scope().table();
    if (table != null && !table.equals(id.table())) {
      tables.require(table);
    }
    FreshnessBlock freshness = answers.now();
    Optional<Origin> received = tracker.received(id);
    Explanation explanation = orIgnored(explainer.explain(id, query), id);
    return ExplainResponse.of(
        id,
        query.scope().limit(),
        received.isPresent() ? explanation.whileOneIsReceived() : explanation,
        freshness);
  }

  private Explanation orIgnored(Explanation explanation, DocumentId id) {
    return ignored
        .reason(id.table())
        .filter(why -> explanation.verdict() == Verdict.UNKNOWN)
        .map(why -> Explanation.of(Verdict.IGNORED, why))
        .orElse(explanation);
  }
}
