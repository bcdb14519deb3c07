package dev.freshet.wiring;

import dev.freshet.indexing.Buckets;
import dev.freshet.search.MeasuredSearch;
import dev.freshet.search.SearchEngine;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import jakarta.inject.Singleton;

/** Measures whichever engine searches. */
@Singleton
final class SearchMeasuring implements BeanCreatedEventListener<SearchEngine> {

  private final BeanProvider<MeterRegistry> registry;

  SearchMeasuring(BeanProvider<MeterRegistry> registry) {
    this.registry = registry;
  }

  @Override
  public SearchEngine onCreated(BeanCreatedEvent<SearchEngine> event) {
    return new MeasuredSearch(event.getBean(), registry.get(), Buckets.BOUNDS);
  }
}
