package dev.freshet.indexing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.ChangeEventDecoder;
import dev.freshet.changeevent.ColumnTypes;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentMapper;
import dev.freshet.document.MessageReader;
import dev.freshet.document.SizeLimits;
import dev.freshet.document.TableMappings;
import dev.freshet.feed.Delivery;
import dev.freshet.freshness.Departed;
import dev.freshet.freshness.LagHistory;
import dev.freshet.freshness.LagHistory.Step;
import dev.freshet.freshness.RecentChanges;
import dev.freshet.freshness.Waits;
import dev.freshet.freshness.WatermarkTracker;
import dev.freshet.sink.Outcome;
import dev.freshet.support.ForgetfulProgress;
import dev.freshet.support.InMemoryLedger;
import dev.freshet.support.InMemoryWatermarks;
import dev.freshet.support.ScriptedSink;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IndexingLoopTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final List<String> events = new CopyOnWriteArrayList<>();
  private final RecordingFeed feed = new RecordingFeed(events);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private volatile Function<List<DocumentChange>, List<Outcome>> script =
      changes -> ScriptedSink.each(changes, new Outcome.Indexed(1, 1, null));

  private final ScriptedSink sink =
      new ScriptedSink(
          changes -> {
            List<Outcome> outcomes = script.apply(changes);
            events.add("applied " + changes.size());
            return outcomes;
          });

  private static final int LARGEST_MESSAGE = 500;
  private static final int LARGEST_DOCUMENT = 200;

  private final Waits waits = new Waits(10);
  private final LagHistory history = new LagHistory(Clock.systemUTC());
  private Duration unavailableValuePatience = LONG;
  private IndexingLoop loop = loop(Duration.ofMillis(1), 1_000);

  private IndexingLoop loop(Duration longestWait, long batchBytes) {
    return loop(longestWait, batchBytes, false);
  }

  private IndexingLoop loop(Duration longestWait, long batchBytes, boolean paused) {
    registry.clear();
    return new IndexingLoop(
        feed,
        new MessageReader(
            new ChangeEventDecoder(0, "__debezium_unavailable_value", ColumnTypes.NONE),
            new DocumentMapper(new TableMappings(Map.of())),
            new SizeLimits(LARGEST_MESSAGE, LARGEST_DOCUMENT)),
        sink,
        new FailureRecorder(new InMemoryLedger().failures()),
        ForgetfulProgress.of(
            new WatermarkTracker(
                new InMemoryWatermarks(), feed, Departed.NONE, 0, waits, Clock.systemUTC()),
            waits),
        new IndexingConfiguration(
            10,
            batchBytes,
            LARGEST_MESSAGE,
            LARGEST_DOCUMENT,
            1,
            longestWait,
            longestWait,
            unavailableValuePatience,
            LONG,
            paused),
        new Signals(registry, Tracing.OFF, history, new RecentChanges()),
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
  void heartbeatsAndOtherMarkersAreSettledAndAreNoChanges() {
    feed.add(product(1));
    feed.add(RecordingFeed.delivery("default"));
    feed.add(RecordingFeed.delivery("{\"note\":\"a row of no document\"}"));
    feed.add(RecordingFeed.delivery("{not json"));
    loop.start();

    await().untilAsserted(() -> assertThat(counted(Step::events)).isEqualTo(4));
    assertThat(counted(Step::changes)).isEqualTo(3);
  }

  private long counted(ToLongFunction<Step> figure) {
    return history.steps(Duration.ofMinutes(1)).stream().mapToLong(figure).sum();
  }

  @Test
  void whoeverWaitsIsWokenAfterTheAcknowledgement() throws Exception {
    var woken = waits.await(() -> events.contains("acknowledge 1"), LONG);
    feed.add(product(1));
    loop.start();
    assertThat(woken.get(10, TimeUnit.SECONDS)).isTrue();
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
                new Outcome.Indexed(1, 1, null));
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
    await().until(() -> gauge("freshet.indexing.waiting") == 0);
    assertThat(outcomes("incomplete")).isOne();
    assertThat(outcomes("stale")).isOne();
  }

  @Test
  void aMessageOfALargeDocumentIsAcknowledgedOnceItsDocumentIsIndexed() {
    var known = new AtomicBoolean();
    script =
        changes ->
            changes.stream()
                .map(
                    change ->
                        change.document().orElseThrow().joinedKey().equals("1") && !known.get()
                            ? new Outcome.Deferred()
                            : new Outcome.Indexed(1, 1, null))
                .map(Outcome.class::cast)
                .toList();
    unavailableValuePatience = Duration.ZERO;
    loop = loop(Duration.ofMillis(1), 1_000);
    feed.add(product(1));
    feed.add(product(2));
    loop.start();
    await().until(() -> events.contains("acknowledge 1"));
    await().until(() -> gauge("freshet.indexing.large") == 1);
    feed.add(product(3));
    await().until(() -> outcomes("indexed") == 2);
    assertThat(events).noneMatch(event -> event.startsWith("dead letter"));
    known.set(true);
    await().until(() -> outcomes("indexed") == 3);
    await().until(() -> gauge("freshet.indexing.large") == 0);
  }

  @Test
  void aMessageThatLeavesOutALargeDocumentsValueWaitsForThatDocument() {
    var known = new AtomicBoolean();
    script =
        changes ->
            changes.stream()
                .map(
                    change ->
                        known.get()
                            ? new Outcome.Indexed(1, 1, null)
                            : change.origin().receivedAt().equals(Instant.EPOCH)
                                ? new Outcome.Deferred()
                                : new Outcome.Incomplete(Set.of("description")))
                .map(Outcome.class::cast)
                .toList();
    unavailableValuePatience = Duration.ZERO;
    loop = loop(Duration.ofMillis(1), 1_000);
    feed.add(product(1));
    feed.add(new RecordingFeed.Taken(product(1).message(), Instant.now()));
    loop.start();
    await().until(() -> events.stream().filter("applied 2"::equals).count() > 3);
    assertThat(events).noneMatch(event -> event.startsWith("dead letter"));
    known.set(true);
    await().until(() -> outcomes("indexed") == 2);
  }

  @Test
  void aPauseGivesBackTheMessagesOfLargeDocuments() throws Exception {
    script = changes -> ScriptedSink.each(changes, new Outcome.Deferred());
    feed.add(product(1));
    loop.start();
    await().until(() -> gauge("freshet.indexing.large") == 1);
    loop.pause("a test", LONG);
    await().until(() -> events.contains("give back 1"));
    assertThat(gauge("freshet.indexing.large")).isZero();
  }

  private double outcomes(String outcome) {
    return Optional.ofNullable(registry.find("freshet.events").tag("outcome", outcome).counter())
        .map(Counter::count)
        .orElse(0.0);
  }

  @Test
  void aMessageThatWaitsInVainIsDeadLettered() {
    unavailableValuePatience = Duration.ZERO;
    loop = loop(Duration.ofMillis(1), 1_000);
    script = changes -> ScriptedSink.each(changes, new Outcome.Incomplete(Set.of("description")));
    feed.add(product(1));
    loop.start();
    await().untilAsserted(() -> assertThat(events).endsWith("dead letter unavailable-value"));
    assertThat(outcomes("rejected")).isOne();
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
    await().until(() -> gauge("freshet.indexing.waiting") == 4);
  }

  @Test
  void notSoManyBytesWaitThatTheFeedHasNoRoomForWhatTheyWaitFor() {
    // A quarter of the window's bytes may wait: two of these messages.
    feed.windowBytes(product(1).message().body().length * 11L);
    script = changes -> ScriptedSink.each(changes, new Outcome.Incomplete(Set.of("description")));
    for (int id = 1; id <= 3; id++) {
      feed.add(product(id));
    }
    loop.start();
    await().until(() -> events.contains("dead letter unavailable-value"));
    await().until(() -> gauge("freshet.indexing.waiting") == 2);
    assertThat(events).filteredOn(event -> event.startsWith("dead letter")).hasSize(1);
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
    assertThat(registry.find("freshet.dead.letters").counters())
        .isNotEmpty()
        .allSatisfy(counter -> assertThat(counter.count()).isZero());
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
  void anErrorEndsTheLoopAndGivesTheMessagesBack() throws Exception {
    script =
        changes -> {
          throw new OutOfMemoryError("a test's own");
        };
    feed.add(product(1));
    loop.start();
    await().until(loop::hasEnded);
    assertThat(events).containsExactly("start", "close");
    Consumption ended = loop.consumption();
    assertThat(ended)
        .returns(Consumption.State.ENDED, Consumption::state)
        .returns(0, Consumption::inFlight);
    assertThat(ended.reason()).hasValueSatisfying(why -> assertThat(why).contains("restart"));

    loop.pause("in vain", LONG);
    loop.resume();

    assertThat(loop.consumption()).isEqualTo(ended);
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
  void aPauseWaitsForTheBatchInFlightAndThenNothingIsTaken() throws Exception {
    var going = new CountDownLatch(1);
    script =
        changes -> {
          awaitUninterruptibly(going);
          return ScriptedSink.each(changes, new Outcome.Deleted());
        };
    feed.add(product(1));
    loop.start();
    await().until(() -> !sink.batches().isEmpty());

    loop.pause("a deployment", Duration.ofMillis(50));
    assertThat(loop.consumption().state()).isEqualTo(Consumption.State.PAUSING);
    assertThat(loop.consumption().inFlight()).isOne();
    going.countDown();
    await().until(() -> loop.consumption().state() == Consumption.State.PAUSED);
    loop.pause("again", LONG);

    assertThat(loop.consumption())
        .returns(Consumption.State.PAUSED, Consumption::state)
        .returns(Optional.of("a deployment"), Consumption::reason)
        .returns(0, Consumption::inFlight);
    assertThat(gauge("freshet.consumption.paused")).isOne();
    feed.add(product(2));
    loop.resume();
    awaitEvents(
        "start",
        "pause",
        "applied 1",
        "acknowledge 1",
        "pause",
        "resume",
        "applied 1",
        "acknowledge 1");
    assertThat(gauge("freshet.consumption.paused")).isZero();
  }

  @Test
  void aPauseLetsWhatHasArrivedBeAppliedWhereGivingBackCounts() throws Exception {
    feed.countDeliveries();
    loop = loop(Duration.ofMillis(1), 1);
    var told = new AtomicReference<Consumption>();
    script =
        changes -> {
          await().until(() -> events.contains("drain"));
          told.set(loop.consumption());
          return ScriptedSink.each(changes, new Outcome.Deleted());
        };
    feed.add(product(1));
    feed.add(product(2));
    loop.start();
    await().until(() -> !sink.batches().isEmpty());

    loop.pause("a deployment", LONG);

    assertThat(events)
        .containsExactly(
            "start", "drain", "applied 1", "acknowledge 1", "applied 1", "acknowledge 1", "pause");
    assertThat(told.get().state()).isEqualTo(Consumption.State.PAUSING);
    assertThat(told.get().reason()).contains("a deployment");
    assertThat(loop.consumption().state()).isEqualTo(Consumption.State.PAUSED);
  }

  @Test
  void aPauseWaitsForNoSinkThatDoesNotAnswerEvenWhereGivingBackCounts() throws Exception {
    feed.countDeliveries();
    loop = loop(Duration.ofHours(1), 1_000);
    script =
        changes -> {
          throw new UnavailableException("down", Duration.ofHours(1));
        };
    feed.add(product(1));
    loop.start();
    await().until(() -> loop.stall().isPresent());

    loop.pause("the sink is mended", Duration.ofHours(1));

    assertThat(events).containsExactly("start", "drain", "pause", "give back 1");
  }

  @Test
  void aPauseGivesUpABatchThatWaitsForTheSink() throws Exception {
    loop = loop(Duration.ofHours(1), 1_000);
    script =
        changes -> {
          throw new UnavailableException("down", Duration.ofHours(1));
        };
    feed.add(product(1));
    feed.add(product(2));
    loop.start();
    await().until(() -> loop.stall().isPresent());
    assertThat(loop.consumption())
        .returns(Consumption.State.STALLED, Consumption::state)
        .returns(Optional.of("down"), Consumption::reason)
        .returns(2, Consumption::inFlight);

    loop.pause("the sink is mended", LONG);

    assertThat(loop.consumption().state()).isEqualTo(Consumption.State.PAUSED);
    assertThat(loop.stall()).isEmpty();
    assertThat(events).containsExactly("start", "pause", "give back 2");
  }

  @Test
  void aPauseGivesBackTheBatchesThatAreNotBegun() throws Exception {
    loop = loop(Duration.ofMillis(1), 1);
    script =
        changes -> {
          pauseNow();
          return ScriptedSink.each(changes, new Outcome.Deleted());
        };
    feed.add(product(1));
    feed.add(product(2));
    loop.start();
    await().until(() -> loop.consumption().state() == Consumption.State.PAUSED);

    assertThat(events)
        .containsExactly("start", "pause", "applied 1", "acknowledge 1", "give back 1");
  }

  @Test
  void aPauseGivesBackWhatWaitsForValues() throws Exception {
    script = changes -> ScriptedSink.each(changes, new Outcome.Incomplete(Set.of("description")));
    feed.add(product(1));
    feed.add(product(2));
    loop.start();
    await().until(() -> gauge("freshet.indexing.waiting") == 2);

    loop.pause("for a while", LONG);

    await().until(() -> events.contains("give back 2"));
    assertThat(gauge("freshet.indexing.waiting")).isZero();
    assertThat(loop.consumption().state()).isEqualTo(Consumption.State.PAUSED);
  }

  @Test
  void aPauseGivesBackWhatWaitedInVainAndCouldNotBePutAway() throws Exception {
    unavailableValuePatience = Duration.ZERO;
    loop = loop(Duration.ofHours(1), 1_000);
    feed.refuseDeadLetters(Integer.MAX_VALUE);
    script = changes -> ScriptedSink.each(changes, new Outcome.Incomplete(Set.of("description")));
    feed.add(product(1));
    loop.start();
    await().until(() -> loop.stall().isPresent());

    loop.pause("the broker is mended", LONG);

    assertThat(events).endsWith("pause", "give back 1");
    assertThat(gauge("freshet.indexing.waiting")).isZero();
    assertThat(loop.consumption())
        .returns(Consumption.State.PAUSED, Consumption::state)
        .returns(0, Consumption::inFlight);
  }

  private void pauseNow() {
    try {
      loop.pause("now", Duration.ZERO);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      assertThat(latch.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  @Test
  void aLoopThatIsPausedAtTheStartTakesNothingUntilItIsResumed() throws Exception {
    loop = loop(Duration.ofMillis(1), 1_000, true);
    feed.add(product(1));
    loop.start();

    assertThat(loop.consumption())
        .returns(Consumption.State.PAUSED, Consumption::state)
        .returns(Optional.of("freshet.indexing.paused is true"), Consumption::reason);
    loop.resume();
    awaitEvents("pause", "start", "resume", "applied 1", "acknowledge 1");
    assertThat(loop.consumption().state()).isEqualTo(Consumption.State.RUNNING);
  }

  @Test
  void aPausedLoopEndsAtOnce() throws Exception {
    loop.start();
    loop.pause("for the night", LONG);
    loop.close();

    assertThat(loop.hasEnded()).isTrue();
  }

  @Test
  void aStallShowsSinceItsFirstFailureAndEndsWithTheNextSuccess() {
    var attempts = new AtomicInteger();
    script =
        changes -> {
          if (attempts.incrementAndGet() < 100) {
            throw new UnavailableException("attempt " + attempts.get());
          }
          return ScriptedSink.each(changes, new Outcome.Deleted());
        };
    loop = loop(Duration.ofMillis(20), 1_000);
    Instant before = Instant.now();
    feed.add(product(1));
    loop.start();

    await().until(() -> gauge("freshet.indexing.stalled") == 1);
    Instant first = loop.consumption().since();
    assertThat(first).isAfterOrEqualTo(before);
    await().until(() -> attempts.get() > 10);
    assertThat(loop.stall())
        .hasValueSatisfying(stall -> assertThat(stall.since()).isEqualTo(first));
    awaitEvents("start", "applied 1", "acknowledge 1");
    await().until(() -> gauge("freshet.indexing.stalled") == 0);
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
    await().until(() -> loop.stall().isPresent());
    long before = System.nanoTime();
    loop.close();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(LONG.dividedBy(2));
    assertThat(loop.hasEnded()).isTrue();
    assertThat(events).containsExactly("start", "stop");
  }
}
