package dev.freshet.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.document.Renderings;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.sink.local.LocalIndexSink;
import dev.freshet.store.IndexStore;
import dev.freshet.support.FuzzedMessages;
import dev.langchain4j.data.embedding.Embedding;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a message holds, it is indexed or dead-lettered with a reason, and the loop goes on.
 * Each store runs it; {@link FuzzCampaign} feeds far more.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class HostileInputContract {

  private static final long SEED = 20_261_121;
  private static final int MESSAGES = 500;

  private @Nullable Intake intake;
  private long lsn;

  /** The store under test; the same for all tests. */
  protected abstract IndexStore store();

  /** Whether the store refuses a key of 20,000 characters. */
  protected abstract boolean refusesLongKeys();

  @BeforeAll
  void start() {
    intake =
        new Intake(
            new LocalIndexSink(
                store(),
                new CheapModel(),
                CheapModel::split,
                Renderings.UNSPLIT,
                64 * Intake.MEGABYTE,
                Clock.systemUTC()));
  }

  @AfterAll
  void stop() {
    intake().close();
  }

  private Intake intake() {
    assertThat(intake).isNotNull();
    return intake;
  }

  static List<Nasty> nasties() {
    return Nasty.all();
  }

  @ParameterizedTest
  @MethodSource("nasties")
  void aNastyMessageEndsAsItShould(Nasty nasty) {
    // The second one finds what the first one left.
    for (int i = 0; i < 2; i++) {
      List<GivenUp> deadLetters = intake().settle(List.of(nasty.message(++lsn)));

      if (nasty.reason() == null) {
        assertThat(deadLetters).isEmpty();
      } else {
        assertThat(deadLetters).hasSize(1);
        assertThat(deadLetters.get(0).rejection().reason()).isEqualTo(nasty.reason());
        assertThat(deadLetters.get(0).rejection().detail()).doesNotContain(Nasty.SECRET);
      }
    }
    if (nasty.text() != null) {
      assertThat(text(new TableId("public", Nasty.TABLE), nasty.name())).isEqualTo(nasty.text());
    }
  }

  /** Of all the document's segments. */
  private String text(TableId table, String key) {
    var scope = new SearchScope(1_000, table, null);
    var text = new StringBuilder();
    store().findNearest(Embedding.from(new float[] {1, 0, 0}), scope, true).stream()
        .filter(hit -> hit.documentId().key().equals(List.of(key)))
        .sorted((left, right) -> Integer.compare(left.ordinal(), right.ordinal()))
        .map(Hit::text)
        .forEach(text::append);
    return text.toString();
  }

  @Test
  void aLongKeyIsIndexedOrRefused() {
    byte[] noise = new byte[15_000];
    new Random(SEED).nextBytes(noise);
    String key = Base64.getEncoder().encodeToString(noise);

    for (int i = 0; i < 2; i++) {
      assertThat(intake().settle(List.of(upsert("long", key, "t"))))
          .hasSize(refusesLongKeys() ? 1 : 0)
          .allSatisfy(letter -> assertThat(letter.rejection().detail()).contains("key"));
    }
  }

  @Test
  void aSlashInATablesNameLeadsToNoOtherTablesDocument() {
    List<ChangeMessage> messages =
        List.of(upsert("s/l", "k", "one"), upsert("s", "l/k", "two"), upsert("s/l", "k", "three"));

    assertThat(messages).allSatisfy(one -> assertThat(intake().settle(List.of(one))).isEmpty());

    assertThat(text(new TableId("public", "s/l"), "k")).isEqualTo("Title: three");
    assertThat(text(new TableId("public", "s"), "l/k")).isEqualTo("Title: two");
  }

  /** An event without a position is newer than all, and any position newer than that one's. */
  @Test
  void truncationsWithAndWithoutPositionsInOneBatchComeToAnEnd() {
    intake().settle(List.of(upsert("truncated", "1", "t"), truncate("truncated", "1000000")));

    List<GivenUp> deadLetters =
        intake()
            .settle(
                List.of(
                    truncate("truncated", "null"),
                    truncate("truncated", "500000"),
                    event("truncated", "u", "\"id\":1,\"title\":\"t\"", "600000"),
                    event("truncated", "u", "\"id\":2,\"title\":\"t\"", "null")));

    assertThat(deadLetters).isEmpty();
  }

  private ChangeMessage upsert(String table, String key, String title) {
    String after = "\"id\":\"" + key + "\",\"title\":\"" + title + "\"";
    return event(table, "u", after, String.valueOf(++lsn));
  }

  private static ChangeMessage truncate(String table, String lsn) {
    return event(table, "t", "", lsn);
  }

  private static ChangeMessage event(String table, String operation, String after, String lsn) {
    String body =
        """
        {"op":"%s","after":{%s},"source":{"schema":"public","table":"%s","lsn":%s}}"""
            .formatted(operation, after, table, lsn);
    return new ChangeMessage("", Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void fuzzedMessagesHoldUpNoGoodOnes() {
    var bystanders = new Bystanders();

    intake().settle(bystanders.among(new FuzzedMessages(SEED).next(MESSAGES)));

    bystanders.assertIndexed(store());
  }

  /** What a store took it must be able to read. */
  @Test
  void everyStoredDocumentCanBeRead() {
    intake().settle(nasties().stream().map(nasty -> nasty.message(++lsn)).toList());

    List<DocumentId> ids = store().documentsOf(new TableId("public", Nasty.TABLE));
    Map<DocumentId, StoredDocument> stored = store().read(Set.copyOf(ids), Set.of()).documents();

    assertThat(stored.keySet()).hasSizeGreaterThan(20).containsExactlyInAnyOrderElementsOf(ids);
  }
}
