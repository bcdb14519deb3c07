package dev.freshet.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.TableMappings;
import dev.freshet.document.TextFormat;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import io.micronaut.context.env.yaml.YamlPropertySourceLoader;
import io.micronaut.core.naming.conventions.StringConvention;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfiguredTablesTest {

  private static final TableId PRODUCTS = TableId.parse("public.products");

  private static ConfiguredTables parse(String yaml) throws IOException {
    var values =
        new YamlPropertySourceLoader()
            .read("test", new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
    try (var context = ApplicationContext.builder().deduceEnvironment(false).build()) {
      Environment environment = context.getEnvironment();
      environment.addPropertySource(PropertySource.of("test", values));
      environment.start();
      return ConfiguredTables.parse(
          environment.getProperties("freshet.tables", StringConvention.RAW));
    }
  }

  @Test
  void withoutSettingsNoTableIsConfigured() throws IOException {
    assertThat(parse("freshet: {feed: memory}").mappings()).isEmpty();
  }

  @Test
  void everySettingIsRead() throws IOException {
    ConfiguredTables tables =
        parse(
            """
            freshet:
              tables:
                public.products:
                  key: [id, Region]
                  content: "{title}: {long_text}"
                  metadata: [category, price]
                  exclude: [supplier_note]
                  column-types:
                    price: decimal(2)
                    updated_at: timestamp-micros
                Sales.order_lines:
                  key: order_id, line_no
                  content: "{note}"
                  formats: {note: markdown}
            """);
    var mapping = tables.mappings().get(PRODUCTS);
    assertThat(mapping.key()).containsExactly("id", "Region");
    assertThat(mapping.content()).hasToString("{title}: {long_text}");
    assertThat(mapping.metadataColumns()).containsExactlyInAnyOrder("category", "price");
    assertThat(mapping.excluded()).containsExactly("supplier_note");
    assertThat(tables.columnTypes().get(PRODUCTS)).containsOnlyKeys("price", "updated_at");
    var lines = tables.mappings().get(TableId.parse("Sales.order_lines"));
    assertThat(lines.key()).isEqualTo(List.of("order_id", "line_no"));
    assertThat(lines.metadataColumns()).isNull();
    assertThat(lines.formats()).containsExactly(Map.entry("note", TextFormat.MARKDOWN));
    assertThat(mapping.formats()).isEmpty();
  }

  @Test
  void partitionsAreTablesWithTheMappingOfTheirs() throws IOException {
    ConfiguredTables tables =
        parse(
            """
            freshet:
              tables:
                public.pr:
                  partitions: ["pr_*", archive.pr_old]
                "public.log_*":
                  key: [number]
            """);
    var mappings = new TableMappings(tables.mappings(), tables.patterns());
    assertThat(mappings.documentTable(TableId.parse("public.pr_lo"))).hasToString("public.pr");
    assertThat(mappings.documentTable(TableId.parse("archive.pr_old"))).hasToString("public.pr");
    assertThat(mappings.documentTable(TableId.parse("public.log_1"))).hasToString("public.log_*");
    assertThat(mappings.configured(TableId.parse("public.log_1")).orElseThrow().key())
        .containsExactly("number");
    assertThat(mappings.configured(TableId.parse("public.prices"))).isEmpty();
  }

  @Test
  void keyAndContentHaveTheFormerConsumersDefaults() throws IOException {
    var mapping =
        parse("freshet: {tables: {public.products: {metadata: [category]}}}")
            .mappings()
            .get(PRODUCTS);
    assertThat(mapping.key()).containsExactly("id");
    assertThat(mapping.content()).hasToString("Title: {title}\n\n{description}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "freshet: {tables: {sales.deals: {key: [deal_id]}}}",
        "freshet: {tables: {'sales.deals': {key: [deal_id]}}}",
        "freshet: {tables: {sales: {deals: {key: [deal_id]}}}}",
        "freshet.tables: {sales: {deals: {key: deal_id}}}",
        "freshet.tables.sales.deals.key: deal_id",
        "freshet: {tables: {sales: {deals.key: deal_id}}}",
      })
  void aSchemaWithItsTableMayBeWrittenInEveryFormOfYaml(String yaml) throws IOException {
    assertThat(parse(yaml).mappings().get(TableId.parse("sales.deals")).key())
        .containsExactly("deal_id");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{products: {key: [id]}} | freshet.tables.products.key names no table",
        "{public.products: {keys: [id]}} | freshet.tables.public.products.keys is not a setting",
        "{public.products: {content: nothing}} | freshet.tables.public.products: the content template",
        "{public.products: {exclude: [title]}} | uses the excluded column 'title'",
        "{public.products: {column-types: {price: money}}} | column-types.price: 'money'",
        "{'public.*': {key: [id]}} | 'public.*' names every table of the schema",
        "{'*.pr_a': {key: [id]}} | '*.pr_a' names no single schema",
        "{public.pr: {partitions: '*'}} | 'public.*' names every table of the schema",
        "{'public.pr_*': {key: [id]}, public.x: {partitions: 'pr_*'}} | has the pattern 'public.pr_*' twice",
        "{public.products: {formats: {title: rtf}}} | 'rtf' is not a valid format: use plain, html",
        "{public.products: {formats: html}} | formats is 'html'; name columns below it",
        "{public.products: {column-types: date}} | column-types is 'date'; name columns below it",
        "{public.products: {formats: {text: html}}} | the format of 'text' has no effect",
      })
  void aWrongSettingIsRefusedByItsName(String tables, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse("freshet: {tables: " + tables + "}"))
        .withMessageContaining(message);
  }
}
