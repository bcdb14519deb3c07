package dev.freshet.sink.http;

import static dev.freshet.sink.http.Changes.PRODUCTS;
import static dev.freshet.sink.http.Changes.product;
import static dev.freshet.sink.http.Changes.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.Origin;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentChange.Rerender;
import dev.freshet.document.DocumentChange.Rerender.Segments;
import dev.freshet.document.Rendering;
import dev.freshet.document.Renderings;
import dev.freshet.document.TableMapping;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.sink.Outcome;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A former mapping's document is sent to the service again. */
class HttpRerenderTest {

  private final HttpSinkFixture fixture = new HttpSinkFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static TableMapping mapping(String template) {
    return new TableMapping(PRODUCTS, List.of("id"), new ContentTemplate(template), null, Set.of());
  }

  private StoredDocument stored() {
    return fixture.ledger.read(Set.of(product("1")), Set.of()).documents().get(product("1"));
  }

  private DocumentChange rerender(String template, Segments segments) {
    Origin origin = stored().state().origin();
    return new Rerender(product("1"), mapping(template), Rendering.UNKNOWN, origin, segments);
  }

  @Test
  void anotherTextIsSent() {
    fixture.apply(row("1", "Tent", "Light", 1));
    fixture.calls();

    assertThat(fixture.apply(rerender("{title}: {text}", Segments.KEPT)))
        .containsExactly(new Outcome.Indexed(0, 0, null));

    assertThat(fixture.service.calls())
        .singleElement()
        .satisfies(call -> assertThat(call.body()).contains("Tent: Light"));
    assertThat(stored().renderedBy()).isEqualTo(Renderings.UNSPLIT.of(mapping("{title}: {text}")));
    assertThat(fixture.apply(row("1", "Tent", "Light", 1))).containsExactly(new Outcome.Stale());
  }

  @Test
  void theSameTextIsSentOnlyWhereTheServiceMayLackIt() {
    fixture.apply(row("1", "Tent", "Light", 1));
    fixture.calls();

    assertThat(fixture.apply(rerender("Title: {title}", Segments.KEPT)))
        .containsExactly(new Outcome.Unchanged());
    assertThat(fixture.calls()).isEmpty();
    assertThat(fixture.apply(rerender("Title: {title}", Segments.ANEW)))
        .containsExactly(new Outcome.Indexed(0, 0, null));
    assertThat(fixture.calls()).containsExactly("POST /upsert");
  }
}
