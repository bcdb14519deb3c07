package dev.freshet.search;

import dev.freshet.UnavailableException;
import dev.freshet.index.Hit;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Measures how long searches take, by mode and outcome. */
public final class MeasuredSearch implements Search {

  private final Search search;
  private final MeterRegistry registry;
  private final Duration[] buckets;

  /**
   * @param buckets the bounds of the histogram
   */
  public MeasuredSearch(Search search, MeterRegistry registry, List<Duration> buckets) {
    this.search = search;
    this.registry = registry;
    this.buckets = buckets.toArray(Duration[]::new);
  }

  @Override
  public List<Hit> search(SearchQuery query) throws UnsupportedSearchException {
    Timer.Sample sample = Timer.start(registry);
    String outcome = "failed";
    try {
      List<Hit> hits = search.search(query);
      outcome = hits.isEmpty() ? "empty" : "found";
      return hits;
    } catch (UnsupportedSearchException e) {
      outcome = "unsupported";
      throw e;
    } catch (UnavailableException e) {
      outcome = "unavailable";
      throw e;
    } finally {
      sample.stop(timer(query.mode(), outcome));
    }
  }

  private Timer timer(SearchMode mode, String outcome) {
    return Timer.builder("freshet.search")
        .description("How long searches took, by mode and outcome")
        .serviceLevelObjectives(buckets)
        .tag("mode", mode.name().toLowerCase(Locale.ROOT))
        .tag("outcome", outcome)
        .register(registry);
  }
}
