package dev.freshet.store;

import static dev.freshet.store.StoreFixtures.PRODUCTS;
import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.writing;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.freshet.search.FilterExpressionParser;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A filter leaves in what its condition holds for, with both kinds of search. Numbers compare as
 * numbers, whatever their Java type, and an order of numbers holds for no text.
 */
interface MetadataFilterContract extends StoreUnderTest {

  /** A filter, and the keys of the documents that it leaves in. */
  record Filtered(String filter, Set<String> keys) {}

  static Stream<Filtered> filters() {
    return Stream.of(
        filter("red", "color = red"),
        filter("blue hostile bare", "color != red"),
        filter("red hostile", "color in (red, 'x'') OR 1=1 --')"),
        filter("red", "color > blue and price > 10"),
        filter("red", "price = 12.30"),
        filter("red", "price = 123e-1"),
        filter("blue hostile bare", "price != 12.3"),
        filter("red", "price > 9"),
        filter("red blue", "price >= 9.0"),
        filter("blue", "price < 12.3"),
        filter("red blue", "price <= 12.3"),
        filter("blue", "price in (9, 10)"),
        filter("hostile", "price = dear"),
        filter("", "color > 0"),
        filter("red", "active = true"),
        filter("red", "active = 'true'"),
        filter("blue", "active = false"),
        filter("blue hostile bare", "active != true"),
        filter("hostile", "color = 'x'') OR 1=1 --'"),
        filter("hostile", "\"x') OR 1=1 --\" = yes"),
        filter("", "color = ''' OR '''"),
        filter("", "\"color' OR 'a'='a\" = red"),
        filter("", "\"no such key\" < 1"));
  }

  /** Numbers of any size are compared exactly. */
  static Stream<Filtered> filtersByNumber() {
    return Stream.of(
        filter("red", "big = 9007199254740993"),
        filter("red hostile", "big > 9007199254740992"),
        filter("blue bare", "big < 9007199254740993"),
        filter("red hostile", "big >= 9007199254740993"),
        filter("blue bare", "big <= 9007199254740992.5"),
        filter("hostile", "big > 123456789012345678901234567890.122"),
        filter("", "big > 123456789012345678901234567890.123"),
        filter("hostile", "big = 123456789012345678901234567890.1230"),
        filter("bare", "big < -0.1"),
        filter("bare", "big = -0.123"),
        filter("", "big < -0.1230000000000000000000000001"),
        filter("red blue hostile", "big > -0.1229999999999999999999999999"));
  }

  /** Times are instants, whatever their form. */
  static Stream<Filtered> filtersByTime() {
    return Stream.of(
        filter("red blue", "at >= '2024-05-01T10:00:00Z'"),
        filter("red", "at = '2024-05-01T10:00:00Z'"),
        filter("red", "at = '2024-05-01T12:00:00+02:00'"),
        filter("red blue", "at >= '2024-05-01T12:00:00+02:00'"),
        filter("red", "at = '2024-05-01T12:00:00 02:00'"),
        filter("red", "at = '2024-05-01 12:00:00+02'"),
        filter("blue", "at > '2024-05-01T10:00'"),
        filter("red", "at < '2024-05-01T08:00:00.000001-02:00'"),
        filter("red", "at2 = '2024-05-01T10:00:00'"),
        filter("red", "at2 in ('2024-05-01T10:00:00.000')"),
        filter("red blue", "at2 >= '2024-05-01'"),
        filter("blue", "at2 > '2999-12-31'"),
        filter("red", "day = '2024-05-01'"),
        filter("red", "day = '2024-05-01T00:00:00'"),
        filter("blue", "day > '2024-05-01'"),
        filter("red blue", "day > '2024-04'"),
        filter("red", "hour = '10:00:00'"),
        filter("blue", "hour > '10:00'"),
        filter("red", "code >= '2024-05-01' and code < '2024-05-02'"),
        filter("blue", "code = '2024-13-01'"),
        filter("blue", "code > '2024-1'"));
  }

  static Stream<Filtered> filtersByArrayAndNull() {
    return Stream.of(
        filter("red blue", "tags contains 'a'"),
        filter("red", "tags contains b"),
        filter("", "tags contains 1"),
        filter("", "tags = 'a'"),
        filter("red", "years contains 2019"),
        filter("red", "years contains 2019.0"),
        filter("", "years contains '2019'"),
        filter("blue", "labels contains 'x'"),
        filter("blue", "labels contains 1"),
        filter("red", "dates contains '2024-05-01T02:00:00+02:00'"),
        filter("", "color contains 'red'"),
        filter("red hostile bare", "owner is null"),
        filter("blue", "owner IS NOT NULL"),
        filter("hostile bare", "tags is null"),
        filter("red", "owner is null and color = red"));
  }

  private static Filtered filter(String keys, String filter) {
    return new Filtered(
        filter,
        Arrays.stream(keys.split(" "))
            .filter(key -> !key.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  default void aFilterLeavesInWhatItsConditionHoldsFor() {
    commitKites();

    Stream.of(filters(), filtersByNumber(), filtersByTime(), filtersByArrayAndNull())
        .flatMap(filters -> filters)
        .forEach(this::assertLeavesIn);
  }

  private void commitKites() {
    commit(
        writing(product("red"), 1)
            .metadata("color", "red")
            .metadata("price", new BigDecimal("12.30"))
            .metadata("active", true)
            .metadata("big", 9_007_199_254_740_993L)
            .metadata("at", "2024-05-01T10:00:00.000000Z")
            .metadata("at2", "2024-05-01T10:00")
            .metadata("day", "2024-05-01")
            .metadata("hour", "10:00")
            .metadata("code", "2024-05-01")
            .metadata("tags", List.of("a", "b"))
            .metadata("years", List.of(2018, 2019))
            .metadata("dates", List.of("2024-05-01"))
            .metadata("owner", NullNode.getInstance())
            .segment("Kite", 1, 0, 0),
        writing(product("blue"), 1)
            .metadata("color", "blue")
            .metadata("price", 9)
            .metadata("active", false)
            .metadata("big", 9_007_199_254_740_992L)
            .metadata("at", "2024-05-01T10:00:00.000001Z")
            .metadata("at2", "infinity")
            .metadata("day", "2024-05-02")
            .metadata("hour", "10:00:00.5")
            .metadata("code", "2024-13-01")
            .metadata("tags", List.of("a"))
            .metadata("labels", "[\"x\", 1]")
            .metadata("owner", "ann")
            .segment("Kite", 1, 1, 0),
        writing(product("hostile"), 1)
            .metadata("color", "x') OR 1=1 --")
            .metadata("price", "dear")
            .metadata("x') OR 1=1 --", "yes")
            .metadata("big", new BigDecimal("123456789012345678901234567890.123"))
            .segment("Kite", 1, 0, 1),
        writing(product("bare"), 1)
            .metadata("big", new BigDecimal("-0.123"))
            .segment("Kite", 0, 1, 0));
  }

  private void assertLeavesIn(Filtered filtered) {
    var condition = new FilterExpressionParser().parse(filtered.filter());
    var scope = new SearchScope(10, PRODUCTS, condition);

    for (var hits :
        List.of(
            index().findNearest(NORTH, scope, false),
            index().findNearest(NORTH, scope, true),
            index().findMatching("kite", scope))) {
      assertThat(keysOf(hits.stream())).as(filtered.filter()).isEqualTo(filtered.keys());
    }
  }

  private static Set<String> keysOf(Stream<Hit> hits) {
    return hits.map(hit -> hit.documentId().key().get(0))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
