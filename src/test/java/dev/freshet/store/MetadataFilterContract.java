package dev.freshet.store;

import static dev.freshet.store.StoreFixtures.PRODUCTS;
import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.writing;
import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.comparison.IsEqualTo;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A filter leaves in what its condition holds for, with both kinds of search. Numbers compare as
 * numbers, whatever their Java type, and an order of numbers holds for no text.
 */
interface MetadataFilterContract extends StoreUnderTest {

  /** A filter, and the keys of the documents that it leaves in. */
  static Stream<Arguments> filters() {
    String hostile = "x') OR 1=1 --";
    return Stream.of(
        filter("red", metadataKey("color").isEqualTo("red")),
        filter("blue hostile bare", metadataKey("color").isNotEqualTo("red")),
        filter("red hostile", metadataKey("color").isIn("red", hostile)),
        filter("blue bare", metadataKey("color").isNotIn("red", hostile)),
        filter("red", metadataKey("color").isGreaterThan("blue").and(price(10))),
        filter("red", metadataKey("price").isEqualTo(12.30)),
        filter("red", new IsEqualTo("price", new BigDecimal("12.3"))),
        filter("blue hostile bare", metadataKey("price").isNotEqualTo(12.3)),
        filter("red", metadataKey("price").isGreaterThan(9L)),
        filter("red blue", metadataKey("price").isGreaterThanOrEqualTo(9)),
        filter("blue", metadataKey("price").isLessThan(12.3)),
        filter("red blue", metadataKey("price").isLessThanOrEqualTo(12.3)),
        filter("blue", metadataKey("price").isIn(9, 10)),
        filter("hostile", metadataKey("price").isEqualTo("dear")),
        filter("", metadataKey("color").isGreaterThan(0)),
        filter("red", metadataKey("active").isEqualTo("true")),
        filter("red blue", metadataKey("color").isEqualTo("red").or(new IsEqualTo("price", 9))),
        filter("blue hostile bare", Filter.not(metadataKey("color").isEqualTo("red"))),
        filter("hostile bare", Filter.not(metadataKey("price").isGreaterThan(1))),
        filter(
            "red blue hostile", Filter.not(metadataKey("color").isNotIn("red", "blue", hostile))),
        filter("hostile", metadataKey("color").isEqualTo(hostile)),
        filter("hostile", metadataKey(hostile).isEqualTo("yes")),
        filter("", metadataKey("color").isEqualTo("' OR ''='")),
        filter("", metadataKey("color' OR 'a'='a").isEqualTo("red")),
        filter("", metadataKey("no such key").isLessThan(1)));
  }

  private static Filter price(int least) {
    return metadataKey("price").isGreaterThan(least);
  }

  private static Arguments filter(String keys, Filter filter) {
    return Arguments.of(
        filter,
        Arrays.stream(keys.split(" "))
            .filter(key -> !key.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  @ParameterizedTest
  @MethodSource("filters")
  default void aFilterLeavesInWhatItsConditionHoldsFor(Filter filter, Set<String> keys) {
    commit(
        writing(product("red"), 1)
            .metadata("color", "red")
            .metadata("price", new BigDecimal("12.30"))
            .metadata("active", "true")
            .segment("Kite", 1, 0, 0),
        writing(product("blue"), 1)
            .metadata("color", "blue")
            .metadata("price", 9)
            .metadata("active", "false")
            .segment("Kite", 1, 1, 0),
        writing(product("hostile"), 1)
            .metadata("color", "x') OR 1=1 --")
            .metadata("price", "dear")
            .metadata("x') OR 1=1 --", "yes")
            .segment("Kite", 1, 0, 1),
        writing(product("bare"), 1).segment("Kite", 0, 1, 0));
    var scope = new SearchScope(10, PRODUCTS, filter);

    assertThat(keysOf(store().findNearest(NORTH, scope, false).stream())).isEqualTo(keys);
    assertThat(keysOf(store().findNearest(NORTH, scope, true).stream())).isEqualTo(keys);
    assertThat(keysOf(store().findMatching("kite", scope).stream())).isEqualTo(keys);
  }

  private static Set<String> keysOf(Stream<Hit> hits) {
    return hits.map(hit -> hit.documentId().key().get(0))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
