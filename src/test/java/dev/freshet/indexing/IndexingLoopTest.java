package dev.freshet.indexing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.ChangeEventDecoder;
import dev.freshet.changeevent.ColumnTypes;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentMapper;
import dev.freshet.document.TableMappings;
import dev.freshet.feed.Delivery;
import dev.freshet.sink.Outcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IndexingLoopTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final List<String> events = new CopyOnWriteArrayList<>();
  private final RecordingFeed feed = new RecordingFeed(events);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private volatile Function<List<DocumentChange>, List<Outcome>> script =
      changes -> ScriptedSink.each(changes, new Outcome.Indexed(1, 1));

  private final ScriptedSink sink =
      new ScriptedSink(
          changes -> {
            List<Outcome> outcomes = script.apply(changes);
            events.add("applied " + changes.size());
            return outcomes;
          });

  private static final int LARGEST_MESSAGE = 500;
  private static final int LARGEST_DOCUMENT = 200;

  private Duration unavailableValuePatience = LONG;
  private IndexingLoop loop = loop(Duration.ofMillis(1), 1_000);

  private IndexingLoop loop(Duration longestWait, long batchBytes) {
    return new IndexingLoop(
        feed,
        new ChangeEventDecoder(0, "__debezium_unavailable_value", ColumnTypes.NONE),
        new DocumentMapper(new TableMappings(Map.of())),
        sink,
        new IndexingConfiguration(
            10,
            batchBytes,
            LARGEST_MESSAGE,
            LARGEST_DOCUMENT,
            1,
            Duration.ZERO,
            longestWait,
            unavailableValuePatience,
            LONG),
        registry,
        Clock.systemUTC());
  }

  private static Delivery product(int id) {
    return RecordingFeed.delivery(
        "{\"id\":%d,\"title\":\"t\",\"description\":\"d\"}".formatted(id));
  }

  private static Delivery titled(String title) {
    return RecordingFeed.delivery(
        "{\"id\":9,\"title\":\"%s\",\"description\":\"d\"}".formatted(title));
  }

  private void awaitEvents(String... expected) {
    await().untilAsserted(() -> assertThat(events).containsExactly(expected));
  }

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void nothingIsAcknowledgedBeforeTheSinkHasIt() {
    feed.add(product(1));
    feed.add(product(2));
    loop.start();
    awaitEvents("start", "applied 2", "acknowledge 2");
  }

  @Test
  void whatHasNoBearingIsAcknowledgedWithoutTheSink() {
    feed.add(RecordingFeed.delivery("default"));
    feed.add(RecordingFeed.delivery("{\"note\":\"no id\"}"));
    loop.start();
    awaitEvents("start", "acknowledge 2");
    assertThat(registry.get("freshet.events").tag("outcome", "ignored-tombstone").counter().count())
        .isEqualTo(1);
    assertThat(registry.get("freshet.events").tag("table", "public.products").counter().count())
        .isEqualTo(1);
  }

  @Test
  void faultyMessagesAreDeadLetteredAfterTheOthersAreDone() {
    script =
        changes ->
            List.of(
                new Outcome.Rejected(RejectionReason.UNAVAILABLE_VALUE, "no"),
                new Outcome.Indexed(1, 1));
    feed.add(product(1));
    feed.add(RecordingFeed.delivery("{"));
    feed.add(product(2));
    loop.start();
    awaitEvents(
        "start",
        "applied 2",
        "acknowledge 1",
        "dead letter undecodable",
        "dead letter unavailable-value");
  }

  @Test
  void aMessageThatWaitsForAValueIsAcknowledgedOnceTheValueIsThere() {
    var first = new Outcome.Incomplete(Set.of("description"));
    var known = new AtomicBoolean();
    script = changes -> ScriptedSink.each(changes, known.get() ? new Outcome.Stale() : first);
    feed.add(product(1));
    loop.start();
    await().untilAsserted(() -> assertThat(events).hasSizeGreaterThan(4));
    assertThat(events).doesNotContain("acknowledge 1");
    assertThat(registry.get("freshet.indexing.waiting").gauge().value()).isEqualTo(1);
    known.set(true);
    await().untilAsserted(() -> assertThat(events).endsWith("applied 1", "acknowledge 1"));
    assertThat(registry.get("freshet.indexing.waiting").gauge().value()).isZero();
  }

  @Test
  void aMessageThatWaitsInVainIsDeadLettered() {
    unavailableValuePatience = Duration.ZERO;
    loop = loop(Duration.ofMillis(1), 1_000);
    script = changes -> ScriptedSink.each(changes, new Outcome.Incomplete(Set.of("description")));
    feed.add(product(1));
    loop.start();
    await().untilAsserted(() -> assertThat(events).endsWith("dead letter unavailable-value"));
  }

  @Test
  void notSoManyWaitThatTheFeedHasNoRoomForWhatTheyWaitFor() {
    script = changes -> ScriptedSink.each(changes, new Outcome.Incomplete(Set.of("description")));
    for (int id = 1; id <= 5; id++) {
      feed.add(product(id));
    }
    loop.start();
    // The feed's window is of 8 messages; half of it may wait.
    await()
        .untilAsserted(
            () ->
                assertThat(events).filteredOn(event -> event.startsWith("dead letter")).hasSize(1));
    assertThat(registry.get("freshet.indexing.waiting").gauge().value()).isEqualTo(4);
  }

  @Test
  void aDeadLetterIsTriedUntilItIsPutAway() {
    feed.refuseDeadLetters(3);
    feed.add(RecordingFeed.delivery("{"));
    loop.start();
    awaitEvents("start", "acknowledge 0", "dead letter undecodable");
    assertThat(registry.get("freshet.indexing.failures").counter().count()).isEqualTo(3);
  }

  @Test
  void aMessageThatIsDeliveredAgainDoesNotCountAsADeadLetter() {
    feed.loseConnection();
    feed.add(RecordingFeed.delivery("{"));
    feed.add(product(1));
    loop.start();
    awaitEvents("start", "applied 1", "acknowledge 1");
    loop.close();
    assertThat(registry.find("freshet.dead.letters").counters()).isEmpty();
  }

  @Test
  void largeMessagesMakeSmallBatches() {
    loop = loop(Duration.ofMillis(1), 1);
    feed.add(product(1));
    feed.add(product(2));
    loop.start();
    awaitEvents("start", "applied 1", "acknowledge 1", "applied 1", "acknowledge 1");
  }

  @Test
  void aDocumentAboveTheConfiguredSizeIsDeadLetteredAndTheOthersGoOn() {
    feed.add(product(1));
    feed.add(titled("é".repeat(LARGEST_DOCUMENT / 2)));
    feed.add(product(2));
    feed.add(titled("é".repeat(LARGEST_DOCUMENT / 2 - 10)));
    loop.start();
    awaitEvents("start", "applied 3", "acknowledge 3", "dead letter too-large");
  }

  @Test
  void aColumnThatIsNoPartOfTheDocumentDoesNotCount() {
    feed.add(
        RecordingFeed.delivery(
            "{\"source\":{\"schema\":\"s\",\"table\":\"t\"},\"op\":\"c\","
                + "\"before\":{\"id\":1,\"title\":\"%s\"},\"after\":{\"id\":1,\"title\":\"t\"}}"
                    .formatted("x".repeat(LARGEST_DOCUMENT + 1))));
    loop.start();
    awaitEvents("start", "applied 1", "acknowledge 1");
  }

  @Test
  void aMessageAboveTheConfiguredSizeIsNotEvenParsed() {
    feed.add(RecordingFeed.delivery("{".repeat(LARGEST_MESSAGE + 1)));
    loop.start();
    awaitEvents("start", "acknowledge 0", "dead letter too-large");
  }

  @Test
  void anErrorEndsTheLoopAndGivesTheMessagesBack() {
    script =
        changes -> {
          throw new OutOfMemoryError("a test's own");
        };
    feed.add(product(1));
    loop.start();
    await().until(loop::hasEnded);
    assertThat(events).containsExactly("start", "close");
  }

  @Test
  void closingWaitsForTheBatchInFlight() {
    script =
        changes -> {
          await().until(() -> events.contains("stop"));
          return ScriptedSink.each(changes, new Outcome.Deleted());
        };
    feed.add(product(1));
    loop.start();
    await().until(() -> !sink.batches().isEmpty());
    loop.close();
    assertThat(events).containsExactly("start", "stop", "applied 1", "acknowledge 1");
  }

  @Test
  void closingDoesNotWaitForASinkThatIsDown() {
    loop = loop(Duration.ofHours(1), 1_000);
    script =
        changes -> {
          throw new UnavailableException("down", Duration.ofHours(1));
        };
    feed.add(product(1));
    loop.start();
    await().until(() -> loop.failure().isPresent());
    long before = System.nanoTime();
    loop.close();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(LONG.dividedBy(2));
    assertThat(loop.hasEnded()).isTrue();
    assertThat(events).containsExactly("start", "stop");
  }
}
