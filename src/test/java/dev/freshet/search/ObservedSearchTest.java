package dev.freshet.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import dev.freshet.UnavailableException;
import dev.freshet.index.SearchScope;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObservedSearchTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private SearchTracing tracing = SearchTracing.OFF;

  private ObservedSearch of(Search engine) {
    return new ObservedSearch(engine, registry, tracing);
  }

  private static SearchQuery query(SearchMode mode) {
    return new SearchQuery("anything", mode, new SearchScope(5, null, null), 0, false);
  }

  private long count(String mode, String outcome) {
    return registry.get("freshet.search").tag("mode", mode).tag("outcome", outcome).timer().count();
  }

  @Test
  void anAnswerIsMeasuredByItsMode() throws Exception {
    of(query -> List.of()).search(query(SearchMode.KEYWORD));
    assertThat(count("keyword", "empty")).isEqualTo(1);
  }

  @Test
  void aFailureIsMeasuredToo() {
    Search unsupported =
        query -> {
          throw new UnsupportedSearchException("no");
        };
    Search down =
        query -> {
          throw new UnavailableException("down");
        };
    Search broken =
        query -> {
          throw new IllegalStateException("broken");
        };
    for (Search engine : List.of(unsupported, down, broken)) {
      assertThatException().isThrownBy(() -> of(engine).search(query(SearchMode.VECTOR)));
    }
    assertThat(count("vector", "unsupported")).isEqualTo(1);
    assertThat(count("vector", "unavailable")).isEqualTo(1);
    assertThat(count("vector", "failed")).isEqualTo(1);
  }

  @Test
  void aTraceThatFailsEndsNoSearchAndHidesNoFigure() throws Exception {
    tracing =
        query -> {
          throw new IllegalStateException("no tracing");
        };
    assertThat(of(query -> List.of()).search(query(SearchMode.HYBRID))).isEmpty();
    tracing =
        query ->
            (outcome, hits) -> {
              throw new IllegalStateException("no tracing");
            };
    assertThat(of(query -> List.of()).search(query(SearchMode.HYBRID))).isEmpty();
    assertThat(count("hybrid", "empty")).isEqualTo(2);
  }
}
