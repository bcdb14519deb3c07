package dev.freshet.search;

import dev.freshet.Aside;
import dev.freshet.Buckets;
import dev.freshet.UnavailableException;
import dev.freshet.index.Hit;
import dev.freshet.search.SearchTracing.SearchTrace;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Measures how long searches take, by mode and outcome, and traces them. */
public final class ObservedSearch implements Search {

  private static final SearchTrace NOTHING = (outcome, hits) -> {};

  private final Search search;
  private final MeterRegistry registry;
  private final SearchTracing tracing;

  public ObservedSearch(Search search, MeterRegistry registry, SearchTracing tracing) {
    this.search = search;
    this.registry = registry;
    this.tracing = tracing;
  }

  @Override
  public List<Hit> search(SearchQuery query) throws UnsupportedSearchException {
    SearchTrace trace = Aside.ask(() -> tracing.begin(query), NOTHING);
    long started = System.nanoTime();
    SearchOutcome outcome = SearchOutcome.FAILED;
    List<Hit> hits = List.of();
    try {
      hits = search.search(query);
      outcome = hits.isEmpty() ? SearchOutcome.EMPTY : SearchOutcome.FOUND;
      return hits;
    } catch (UnsupportedSearchException e) {
      outcome = SearchOutcome.UNSUPPORTED;
      throw e;
    } catch (UnavailableException e) {
      outcome = SearchOutcome.UNAVAILABLE;
      throw e;
    } finally {
      ended(query, System.nanoTime() - started, outcome, hits.size(), trace);
    }
  }

  private void ended(
      SearchQuery query, long nanos, SearchOutcome outcome, int hits, SearchTrace trace) {
    Aside.run(() -> timer(query.mode(), outcome).record(nanos, TimeUnit.NANOSECONDS));
    Aside.run(() -> trace.ended(outcome, hits));
  }

  private Timer timer(SearchMode mode, SearchOutcome outcome) {
    return Buckets.of(Timer.builder("freshet.search"))
        .description("How long searches took, by mode and outcome")
        .tag("mode", mode.name().toLowerCase(Locale.ROOT))
        .tag("outcome", outcome.label())
        .register(registry);
  }
}
