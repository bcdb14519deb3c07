package dev.freshet.wiring;

import dev.freshet.indexing.Buckets;
import dev.freshet.search.MeasuredSearch;
import dev.freshet.search.Search;
import dev.freshet.search.SearchObservation;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;

/** Measures searches. */
@Singleton
final class SearchMeasuring implements SearchObservation {

  private final MeterRegistry registry;

  SearchMeasuring(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public Search around(Search search) {
    return new MeasuredSearch(search, registry, Buckets.BOUNDS);
  }
}
