package dev.freshet.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.TableId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RenderingTest {

  private static final TableId PRODUCTS = TableId.parse("public.products");
  private static final Renderings LONG = new Renderings("of 256 tokens, 32 repeated");

  private static TableMapping mapping(
      String template, @Nullable Set<String> metadata, String... excluded) {
    return new TableMapping(
        PRODUCTS, List.of("id"), new ContentTemplate(template), metadata, Set.of(excluded));
  }

  private static final TableMapping ALL = mapping("{title}", null);

  @Test
  void whateverMakesAnotherDocumentIsAnotherRendering() {
    Rendering present = LONG.of(ALL);

    assertThat(present.text()).matches("[0-9a-f]{16}:all");
    assertThat(LONG.of(mapping("{title}", null))).isEqualTo(present);
    assertThat(LONG.of(mapping("{title}!", null))).isNotEqualTo(present);
    assertThat(LONG.of(mapping("{title}", Set.of("title")))).isNotEqualTo(present);
    assertThat(LONG.of(mapping("{title}", null, "secret"))).isNotEqualTo(present);
    assertThat(
            LONG.of(
                new TableMapping(
                    PRODUCTS,
                    List.of("id"),
                    new ContentTemplate("{title}"),
                    null,
                    Set.of(),
                    Map.of("title", TextFormat.HTML))))
        .isNotEqualTo(present);
    assertThat(new Renderings("of 128 tokens, 32 repeated").of(ALL)).isNotEqualTo(present);
  }

  @Test
  void theTableIsNoPartOfIt() {
    var other =
        new TableMapping(
            TableId.parse("public.others"),
            List.of("id"),
            new ContentTemplate("{title}"),
            null,
            Set.of());
    assertThat(LONG.of(other)).isEqualTo(LONG.of(ALL));
  }

  @Test
  void aMappingOfAllColumnsNeedsAFormerOneThatKeptThem() {
    assertThat(LONG.of(mapping("{title}!", null)).keepsAllOf(ALL)).isTrue();
    assertThat(LONG.of(mapping("{title}", Set.of("price"))).keepsAllOf(ALL)).isFalse();
    assertThat(LONG.of(mapping("{title}", null, "secret")).keepsAllOf(ALL)).isFalse();
    assertThat(Rendering.UNKNOWN.keepsAllOf(ALL)).isFalse();

    TableMapping without = mapping("{title}!", null, "secret");
    assertThat(LONG.of(ALL).keepsAllOf(without)).isTrue();
    assertThat(LONG.of(mapping("{title}", null, "secret")).keepsAllOf(without)).isTrue();
    assertThat(LONG.of(mapping("{title}", null, "other")).keepsAllOf(without)).isFalse();
  }

  @Test
  void aMappingThatNamesItsColumnsNeedsThoseThatItNames() {
    TableMapping named = mapping("{title}", Set.of("price", "brand"));
    Set<String> kept = Set.of("title", "price");

    assertThat(Rendering.UNKNOWN.keepsAllOf(named)).isTrue();
    assertThat(named.lacking(kept, LONG.of(ALL))).containsExactly("brand");
    assertThat(named.lacking(kept, Rendering.UNKNOWN)).containsExactly("brand");
    assertThat(named.lacking(Set.of("title", "price", "brand", "x"), LONG.of(ALL))).isEmpty();
  }

  /** The row has no such column, else it would have been kept. */
  @Test
  void aColumnThatTheFormerMappingTookAsWellIsNotLacking() {
    TableMapping former = mapping("{title}", Set.of("price", "brand"));
    TableMapping present = mapping("{title}: {price}", Set.of("price", "brand"));

    assertThat(present.lacking(Set.of("title", "price"), LONG.of(former))).isEmpty();
    assertThat(present.lacking(Set.of("title"), LONG.of(former)))
        .as("what the text needs")
        .containsExactly("price");
  }
}
