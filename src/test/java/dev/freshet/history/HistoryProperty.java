package dev.freshet.history;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.Renderings;
import dev.freshet.history.SourceTable.Row;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.freshet.sink.IndexSink;
import dev.freshet.sink.local.LocalIndexSink;
import dev.freshet.store.IndexStore;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/**
 * The index equals the table in the end, whatever happened and however the changes came. Each store
 * runs it; {@code -Dtest.histories=10000} says how many histories.
 */
public abstract class HistoryProperty {

  private static final int KEYS = 4;
  private static final AtomicLong TABLES = new AtomicLong();

  /** The store under test; the same for all histories, each of which has a table of its own. */
  protected abstract IndexStore store();

  /** After a history: its table is needed no more. */
  protected abstract void forget(TableId table);

  @Property(shrinking = ShrinkingMode.BOUNDED)
  void theIndexEqualsTheTable(
      @ForAll("steps") List<Step> steps, @ForAll("disorders") Disorder disorder) {
    var table = TableId.parse("public.history_" + TABLES.incrementAndGet());
    var source = new SourceTable(table.toString());
    steps.forEach(source::apply);
    var store = new RacingStore(store());
    var replicas = new Replicas(store, () -> sink(store), disorder);
    try {
      assertThat(replicas.apply(source.messages())).isEmpty();
      assertThat(indexed(table)).isEqualTo(expected(source.rows()));
    } finally {
      forget(table);
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Step.Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(6, Step.Kind.INSERT),
            Tuple.of(8, Step.Kind.UPDATE),
            Tuple.of(5, Step.Kind.CHANGE_KEY),
            Tuple.of(3, Step.Kind.DELETE),
            Tuple.of(1, Step.Kind.DELETE_AND_WAITING_INSERT),
            Tuple.of(1, Step.Kind.TRUNCATE),
            Tuple.of(1, Step.Kind.SNAPSHOT),
            Tuple.of(1, Step.Kind.SNAPSHOT_DURING_UPDATE),
            Tuple.of(1, Step.Kind.INCREMENTAL_SNAPSHOT));
    Arbitrary<Integer> keys = Arbitraries.integers().between(1, KEYS);
    Arbitrary<Boolean> withText = Arbitraries.of(true, false, false);
    Arbitrary<Boolean> commits = Arbitraries.of(true, true, false);
    return Combinators.combine(kinds, keys, keys, withText, commits)
        .as(Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(24);
  }

  @Provide
  Arbitrary<Disorder> disorders() {
    return Combinators.combine(
            Arbitraries.longs(),
            Arbitraries.of(0, 2, 5, 100),
            Arbitraries.of(0, 30),
            Arbitraries.of(0, 25),
            Arbitraries.of(0, 40))
        .as(Disorder::new);
  }

  private static IndexSink sink(IndexStore store) {
    return new LocalIndexSink(
        store,
        new LengthModel(),
        HistoryProperty::split,
        Renderings.UNSPLIT,
        Long.MAX_VALUE / 1_000_000,
        Clock.systemUTC());
  }

  private static List<String> split(String content) {
    return List.of(content.split("\n\n", -1));
  }

  /** The segments of each document, in order. */
  private Map<String, List<String>> indexed(TableId table) {
    var scope = new SearchScope(1_000, table, null);
    List<Hit> hits = store().findNearest(LengthModel.vector("any"), scope, true);
    var segments = new TreeMap<String, Map<Integer, String>>();
    for (Hit hit : hits) {
      String former =
          segments
              .computeIfAbsent(hit.documentId().joinedKey(), key -> new TreeMap<>())
              .put(hit.ordinal(), hit.text());
      assertThat(former).as("a segment twice").isNull();
    }
    return segments.entrySet().stream()
        .collect(toMap(Map.Entry::getKey, entry -> List.copyOf(entry.getValue().values())));
  }

  private static Map<String, List<String>> expected(Map<Integer, Row> rows) {
    return rows.entrySet().stream()
        .collect(
            toMap(
                entry -> entry.getKey().toString(),
                entry ->
                    split(
                        "Title: " + entry.getValue().title() + "\n\n" + entry.getValue().text())));
  }

  /** Makes vectors at once: what is tried here is what is stored. */
  private static final class LengthModel implements EmbeddingModel {

    static Embedding vector(String text) {
      return Embedding.from(new float[] {1, text.length() % 7, text.hashCode() % 11});
    }

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
      return Response.from(segments.stream().map(segment -> vector(segment.text())).toList());
    }
  }
}
