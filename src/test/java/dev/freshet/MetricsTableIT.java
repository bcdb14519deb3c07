package dev.freshet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.support.FreshetServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keeps the table of {@code docs/metrics.md} true: what running servers show to Prometheus. */
class MetricsTableIT {

  private static final Pattern ROW =
      Pattern.compile("\\| `(freshet_\\w+)` \\| (\\w+) \\|(.*?)\\| (.*) \\|");
  private static final Pattern TYPE = Pattern.compile("# TYPE (freshet_\\w+) (\\w+)");
  private static final Pattern HELP = Pattern.compile("# HELP (freshet_\\w+) ?(.*)");
  private static final Pattern SAMPLE = Pattern.compile("(freshet_\\w+?)(\\{(.*)})? \\S+");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

  /** What this says is not shown by a server that was merely started and used. */
  private static final String ONLY = "Only ";

  private static final int LARGEST_DOCUMENT = 1_000;

  @TempDir static Path folder;
  private static FreshetServer local;
  private static FreshetServer http;
  private static String scrape;

  private record Row(String type, List<String> labels, String meaning) {}

  @BeforeAll
  static void useTwoServers() {
    local = start("lucene", "local");
    http = start("http", "http");
    local.post("/events", event("zebra-key", "zebra-title"));
    local.post("/events", event("zebra-large", "zebra ".repeat(LARGEST_DOCUMENT)));
    await()
        .until(() -> local.get("/documents/public.products/zebra-key").body().contains("indexed"));
    local.get("/search?q=zebra-query");
    await().until(() -> local.get("/dead-letters").json().path("deadLetters").size() == 1);
    // These are there from their first measurement on.
    await().until(() -> local.get("/prometheus").body().contains("freshet_dead_letters_waiting"));
    await().until(() -> local.get("/prometheus").body().contains("freshet_queue_messages"));
    scrape = local.get("/prometheus").body() + http.get("/prometheus").body();
  }

  private static FreshetServer start(String sink, String data) {
    var properties = new HashMap<String, Object>();
    properties.put("freshet.feed", "memory");
    properties.put("freshet.sink", sink);
    properties.put("freshet.indexing.max-document-size", LARGEST_DOCUMENT);
    properties.put("freshet.http.url", "http://127.0.0.1:1");
    properties.put("freshet.data-dir", folder.resolve(data).toString());
    return FreshetServer.start(properties);
  }

  private static String event(String key, String title) {
    return """
    {"op":"c","after":{"id":"%s","title":"%s"},"ts_ms":1700000000000,
     "source":{"schema":"public","table":"products","lsn":7,"ts_ms":1700000000000}}"""
        .formatted(key, title);
  }

  @AfterAll
  static void stop() {
    local.close();
    http.close();
  }

  private static Map<String, Row> table() throws IOException {
    var rows = new TreeMap<String, Row>();
    for (String line : Files.readAllLines(Path.of("docs/metrics.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        List<String> labels =
            row.group(3).isBlank()
                ? List.of()
                : Arrays.stream(row.group(3).replace("`", "").strip().split(", "))
                    .sorted()
                    .toList();
        rows.put(row.group(1), new Row(row.group(2), labels, row.group(4)));
      }
    }
    return rows;
  }

  /** The largest duration of a timer is a gauge of its own, which goes without saying. */
  private static boolean isMaximum(String name) {
    return name.endsWith("_max");
  }

  private static Map<String, String> shown(Pattern pattern) {
    var shown = new TreeMap<String, String>();
    scrape
        .lines()
        .map(pattern::matcher)
        .filter(Matcher::matches)
        .filter(found -> !isMaximum(found.group(1)))
        .forEach(found -> shown.put(found.group(1), found.group(2)));
    return shown;
  }

  @Test
  void everyMetricStandsInTheTableWithItsType() throws IOException {
    var documented = new TreeMap<String, String>();
    Map<String, String> shown = shown(TYPE);
    table()
        .forEach(
            (name, row) -> {
              if (shown.containsKey(name) || !row.meaning().startsWith(ONLY)) {
                documented.put(name, row.type());
              }
            });
    assertThat(shown).containsExactlyInAnyOrderEntriesOf(documented);
  }

  @Test
  void everyMetricHasTheLabelsOfTheTable() throws IOException {
    Map<String, Row> table = table();
    for (String line : scrape.lines().filter(line -> !line.startsWith("#")).toList()) {
      Matcher sample = SAMPLE.matcher(line);
      if (sample.matches() && !isMaximum(sample.group(1))) {
        String name = sample.group(1).replaceFirst("_(bucket|count|sum)$", "");
        var labels = new ArrayList<>(labels(sample.group(3)).keySet());
        labels.remove("le");
        assertThat(labels).as(line).isEqualTo(table.get(name).labels());
      }
    }
  }

  private static Map<String, String> labels(String text) {
    var labels = new TreeMap<String, String>();
    Matcher label = LABEL.matcher(text == null ? "" : text);
    while (label.find()) {
      labels.put(label.group(1), label.group(2));
    }
    return labels;
  }

  @Test
  void everyMetricSaysWhatItIs() {
    assertThat(shown(HELP)).isNotEmpty();
    shown(HELP).forEach((name, help) -> assertThat(help).as(name).isNotBlank());
    assertThat(shown(HELP).keySet()).isEqualTo(shown(TYPE).keySet());
  }

  @Test
  void namesEndWithTheirUnit() {
    shown(TYPE)
        .forEach(
            (name, type) -> {
              switch (type) {
                case "counter" -> assertThat(name).endsWith("_total");
                case "histogram" -> assertThat(name).matches(".*_(seconds|bytes|messages)");
                default -> assertThat(type).isEqualTo("gauge");
              }
            });
    assertThat(scrape).doesNotContain("millis").doesNotContain("_ms");
  }

  @Test
  void noLabelCarriesAValueOfARowOrAQuery() {
    assertThat(scrape).contains("freshet_search_seconds_count").doesNotContain("zebra");
    var tables = new TreeSet<String>();
    scrape.lines().forEach(line -> tables.add(labels(line).getOrDefault("table", "")));
    assertThat(tables).containsExactly("", "public.products");
  }

  @Test
  void aHistogramHasFewBuckets() {
    long buckets =
        scrape
            .lines()
            .filter(line -> line.startsWith("freshet_lag_seconds_bucket{"))
            .filter(line -> line.contains("stage=\"total\""))
            .count();
    assertThat(buckets).isEqualTo(2 * 17);
  }
}
