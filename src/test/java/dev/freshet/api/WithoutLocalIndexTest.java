package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.api.problem.ProblemException;
import dev.freshet.freshness.FreshnessConfiguration;
import dev.freshet.freshness.LagHistory;
import dev.freshet.search.SearchTracing;
import dev.freshet.search.UnsupportedSearchException;
import io.micronaut.http.HttpRequest;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A sink may have no search engine. */
class WithoutLocalIndexTest {

  private static final WaitParameters WAITS =
      new WaitParameters(
          new FreshnessConfiguration(
              Duration.ofSeconds(1),
              Duration.ofSeconds(2),
              10,
              Duration.ofMinutes(1),
              Duration.ofSeconds(5)));

  @Test
  void aSearchIsUnsupported() {
    var controller =
        new SearchController(
            null,
            null,
            WAITS,
            null,
            new SearchConfiguration(4_000_000),
            null,
            SearchTracing.OFF,
            new LagHistory(Clock.systemUTC()));

    assertThatThrownBy(() -> controller.search(HttpRequest.GET("/search?q=mouse")))
        .isInstanceOf(UnsupportedSearchException.class)
        .hasMessage("the active sink cannot search");
  }

  @Test
  void aBadSearchIsABadRequestAllTheSame() {
    var controller =
        new SearchController(
            null,
            null,
            WAITS,
            null,
            new SearchConfiguration(4_000_000),
            null,
            SearchTracing.OFF,
            new LagHistory(Clock.systemUTC()));

    assertThatThrownBy(() -> controller.search(HttpRequest.GET("/search")))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("'q'");
  }
}
