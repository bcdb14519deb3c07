package dev.freshet.api;

import dev.freshet.freshness.LagHistory;
import dev.freshet.index.Hit;
import dev.freshet.search.ObservedSearch;
import dev.freshet.search.Search;
import dev.freshet.search.SearchEngine;
import dev.freshet.search.SearchQuery;
import dev.freshet.search.SearchTracing;
import dev.freshet.search.UnsupportedSearchException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Searches the index. */
@Controller("/search")
@ExecuteOn(TaskExecutors.BLOCKING)
final class SearchController {

  static final List<String> PARAMETERS =
      Stream.of(SearchParameters.NAMES, WaitParameters.NAMES).flatMap(List::stream).toList();

  private final @Nullable Search search;
  private final FreshAnswers answers;
  private final WaitParameters waits;
  private final KnownTables tables;
  private final long maxBytes;
  private final LagHistory history;

  /**
   * @param engine null where the sink has none
   */
  SearchController(
      @Nullable SearchEngine engine,
      FreshAnswers answers,
      WaitParameters waits,
      KnownTables tables,
      SearchConfiguration configuration,
      MeterRegistry registry,
      SearchTracing tracing,
      LagHistory history) {
    this.search = engine == null ? null : new ObservedSearch(engine::search, registry, tracing);
    this.answers = answers;
    this.waits = waits;
    this.tables = tables;
    this.maxBytes = configuration.maxAnswerSize();
    this.history = history;
  }

  @Get
  CompletableFuture<SearchResponse> search(HttpRequest<?> request)
      throws UnsupportedSearchException {
    var parameters = QueryParameters.of(request.getParameters(), PARAMETERS);
    SearchQuery query = SearchParameters.read(parameters, maxBytes);
    WaitRequest wait = waits.read(parameters);
    Search searching = search;
    if (searching == null) {
      throw new UnsupportedSearchException("the active sink cannot search");
    }
    return answers.answer(
        wait, null, freshness -> SearchResponse.of(hits(searching, query), maxBytes, freshness));
  }

  private List<Hit> hits(Search searching, SearchQuery query) throws UnsupportedSearchException {
    long started = System.nanoTime();
    List<Hit> hits = searching.search(query);
    history.searched(Duration.ofNanos(System.nanoTime() - started));
    if (hits.isEmpty()) {
      Optional.ofNullable(query.scope().table()).ifPresent(tables::require);
    }
    return hits;
  }
}
