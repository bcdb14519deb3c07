package dev.freshet.source.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.TableMapping;
import dev.freshet.document.TableMappings;
import dev.freshet.document.TablePattern;
import dev.freshet.source.KeyCoverage;
import dev.freshet.support.InMemoryLedger;
import dev.freshet.support.SourceDatabase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Replica identities of a real PostgreSQL. */
class ReplicaIdentitiesIT {

  private static TableMapping mapping(String table, String... key) {
    return new TableMapping(
        TableId.parse(table), List.of(key), new ContentTemplate("{title}"), null, Set.of());
  }

  @Test
  void aKeyThatTheReplicaIdentityLacksIsTold() throws Exception {
    String columns = "(id int PRIMARY KEY, sku text NOT NULL UNIQUE, region text NOT NULL)";
    try (var source =
        SourceDatabase.create(
            "CREATE TABLE primary_key " + columns,
            "CREATE TABLE other_key " + columns,
            "CREATE TABLE full_row " + columns,
            "ALTER TABLE full_row REPLICA IDENTITY FULL",
            "CREATE TABLE by_index " + columns,
            "ALTER TABLE by_index REPLICA IDENTITY USING INDEX by_index_sku_key",
            "CREATE TABLE nothing " + columns,
            "ALTER TABLE nothing REPLICA IDENTITY NOTHING",
            "CREATE TABLE pr (id int, sku text) PARTITION BY RANGE (id)",
            "CREATE TABLE pr_lo PARTITION OF pr FOR VALUES FROM (0) TO (10)")) {
      var mappings = new HashMap<TableId, TableMapping>();
      for (TableMapping mapping :
          List.of(
              mapping("public.primary_key", "id"),
              mapping("public.other_key", "sku"),
              mapping("public.full_row", "sku"),
              mapping("public.by_index", "sku"),
              mapping("public.nothing", "id"),
              mapping("public.pr", "id"),
              mapping("public.absent", "id"))) {
        mappings.put(mapping.table(), mapping);
      }
      var keys = new KeyCoverage(new InMemoryLedger());
      var configuration = new SourceConnectionConfiguration(source.jdbcUrl(), null, null, true);

      new ReplicaIdentities(
              new SourceConnection(configuration),
              new TableMappings(
                  mappings,
                  Map.of(TablePattern.parse("pr_*", "public"), mapping("public.pr", "id"))),
              keys)
          .check();

      assertThat(keys.gaps().keySet())
          .extracting(TableId::toString)
          .containsExactlyInAnyOrder("public.other_key", "public.nothing", "public.pr_lo");
      assertThat(keys.gaps().get(TableId.parse("public.other_key")))
          .contains("only the columns id", "sku", "REPLICA IDENTITY FULL");
    }
  }
}
