package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.api.problem.ProblemException;
import dev.freshet.search.UnsupportedSearchException;
import io.micronaut.http.HttpRequest;
import org.junit.jupiter.api.Test;

/** A sink may have no search engine, and no ledger. */
class WithoutLocalIndexTest {

  @Test
  void aSearchIsUnsupported() {
    var controller = new SearchController(null);

    assertThatThrownBy(() -> controller.search(HttpRequest.GET("/search?q=mouse")))
        .isInstanceOf(UnsupportedSearchException.class)
        .hasMessage("the active sink cannot search");
  }

  @Test
  void aBadSearchIsABadRequestAllTheSame() {
    var controller = new SearchController(null);

    assertThatThrownBy(() -> controller.search(HttpRequest.GET("/search")))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("'q'");
  }

  @Test
  void noDocumentIsRemembered() {
    var controller = new DocumentController(null, null);

    assertThatThrownBy(() -> controller.find(HttpRequest.GET("/documents/public.products/1")))
        .isInstanceOf(ProblemException.class)
        .hasMessage("the active sink remembers no documents");
  }
}
