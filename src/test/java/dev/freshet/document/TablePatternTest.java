package dev.freshet.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.freshet.changeevent.TableId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TablePatternTest {

  private static TablePattern pattern(String text) {
    return TablePattern.parse(text, "public");
  }

  private static TableMapping mapping(String table) {
    return new TableMapping(
        TableId.parse(table), List.of("id"), new ContentTemplate("{title}"), null, Set.of());
  }

  @ParameterizedTest
  @CsvSource({
    "pr_*, public.pr_lo, true",
    "pr_*, public.pr_, true",
    "pr_*, public.pr, false",
    "pr_*, other.pr_lo, false",
    "*_2024_*, public.sales_2024_01, true",
    "*_2024_*, public.sales_2025_01, false",
    "other.pr_lo, other.pr_lo, true",
    "other.pr_lo, other.pr_los, false",
  })
  void aStarStandsForAnyCharacters(String pattern, String table, boolean matches) {
    assertThat(pattern(pattern).matches(TableId.parse(table))).isEqualTo(matches);
  }

  @Test
  void aNameThatNoDatabaseHasMatchesNothing() {
    assertThat(pattern("pr_*").matches(new TableId("public", "pr_" + "x".repeat(100_000))))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "pr_*, pr_1*, true",
    "pr_*, *_lo, true",
    "pr_*, sales_*, false",
    "a*b, b*a, false",
    "a*, other.a*, false",
  })
  void patternsOverlapWhereSomeTableHasBoth(String one, String other, boolean overlap) {
    assertThat(pattern(one).overlaps(pattern(other))).isEqualTo(overlap);
    assertThat(pattern(other).overlaps(pattern(one))).isEqualTo(overlap);
  }

  @Test
  void twoMappingsThatMayClaimOneTableAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new TableMappings(
                    Map.of(),
                    Map.of(
                        pattern("pr_*"), mapping("public.pr"),
                        pattern("*_lo"), mapping("public.lows"))))
        .withMessageContaining("'public.pr_*'")
        .withMessageContaining("'public.*_lo'");
  }

  @Test
  void aTablesOwnMappingGoesBeforeAPattern() {
    var own = mapping("public.pr_special");
    var mappings =
        new TableMappings(Map.of(own.table(), own), Map.of(pattern("pr_*"), mapping("public.pr")));
    assertThat(mappings.configured(own.table())).contains(own);
    assertThat(mappings.documentTable(TableId.parse("public.pr_lo"))).hasToString("public.pr");
  }

  @Test
  void aPartitionIsGuessedByItsNameAndByItsRoutingKey() {
    var pr = mapping("public.pr");
    var mappings = new TableMappings(Map.of(pr.table(), pr));
    assertThat(mappings.partitioned(TableId.parse("public.pr_lo"), "")).contains(pr.table());
    assertThat(mappings.partitioned(TableId.parse("public.lows"), "public.pr"))
        .contains(pr.table());
    assertThat(mappings.partitioned(TableId.parse("public.lows"), "db.public.pr"))
        .contains(pr.table());
    assertThat(mappings.partitioned(TableId.parse("public.prices"), "public.prices")).isEmpty();
  }
}
