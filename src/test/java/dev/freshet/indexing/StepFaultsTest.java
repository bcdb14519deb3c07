package dev.freshet.indexing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.ChangeEventDecoder;
import dev.freshet.changeevent.CommitPosition;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.TraceContext;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentMapper;
import dev.freshet.document.MessageReader;
import dev.freshet.document.SizeLimits;
import dev.freshet.document.TableMappings;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.Delivery;
import dev.freshet.freshness.Departed;
import dev.freshet.freshness.LagHistory;
import dev.freshet.freshness.RecentChanges;
import dev.freshet.freshness.Waits;
import dev.freshet.freshness.WatermarkTracker;
import dev.freshet.ledger.Watermark;
import dev.freshet.sink.Outcome;
import dev.freshet.support.ForgetfulProgress;
import dev.freshet.support.InMemoryLedger;
import dev.freshet.support.InMemoryWatermarks;
import dev.freshet.support.ScriptedSink;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One message of three throws at a step of its way, whatever it throws. */
class StepFaultsTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int BAD = 2;

  private final List<String> events = new CopyOnWriteArrayList<>();
  private final RecordingFeed feed = new RecordingFeed(events);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Waits waits = new Waits(10);
  private final InMemoryWatermarks watermarks = new InMemoryWatermarks();
  private final WatermarkTracker tracker =
      new WatermarkTracker(watermarks, feed, Departed.NONE, 0, waits, Clock.systemUTC());
  private Runnable whenDecoding = () -> {};
  private Runnable whenApplying = () -> {};
  private Tracing tracing = Tracing.OFF;
  private Clock historyClock = Clock.systemUTC();
  private @Nullable IndexingLoop loop;

  private void startLoop() {
    loop = loop();
    loop.start();
  }

  private IndexingLoop running() {
    return Objects.requireNonNull(loop);
  }

  private IndexingLoop loop() {
    return new IndexingLoop(
        feed,
        new MessageReader(
            new ChangeEventDecoder(
                0,
                "__debezium_unavailable_value",
                table -> {
                  if (table.name().equals("bad")) {
                    whenDecoding.run();
                  }
                  return Map.of();
                }),
            new DocumentMapper(new TableMappings(Map.of())),
            new SizeLimits(1_000, 1_000)),
        new ScriptedSink(
            changes -> {
              if (changes.stream().anyMatch(StepFaultsTest::isBad)) {
                whenApplying.run();
              }
              return ScriptedSink.each(changes, new Outcome.Indexed(1, 1, null));
            }),
        new FailureRecorder(new InMemoryLedger().failures()),
        ForgetfulProgress.of(tracker, waits),
        new IndexingConfiguration(
            10,
            1_000,
            1_000,
            1_000,
            1_000,
            Duration.ofMillis(1),
            Duration.ofMillis(1),
            LONG,
            LONG,
            false),
        new Signals(registry, tracing, new LagHistory(historyClock), new RecentChanges()),
        Clock.systemUTC());
  }

  private static boolean isBad(DocumentChange change) {
    return change.table().name().equals("bad");
  }

  private static Delivery message(int id) {
    String body =
        """
        {"op":"u","after":{"id":%d,"title":"t"},"ts_ms":%d,
         "source":{"schema":"public","table":"%s","lsn":%d,"sequence":"[\\"%d\\",\\"%d\\"]"}}"""
            .formatted(
                id,
                System.currentTimeMillis(),
                id == BAD ? "bad" : "good",
                id * 10,
                id * 10 - 1,
                id * 10);
    return new RecordingFeed.Taken(
        new ChangeMessage("public.any", Map.of(), body.getBytes(StandardCharsets.UTF_8)),
        Instant.now());
  }

  private static boolean isBad(Delivery delivery) {
    return new String(delivery.message().body(), StandardCharsets.UTF_8).contains("\"bad\"");
  }

  /** What a message may make a step throw: unchecked, an error, and checked without saying so. */
  static Stream<Supplier<Throwable>> faults() {
    return Stream.of(
        () -> new IllegalStateException("a defect"),
        () -> new ArithmeticException("long overflow"),
        () -> new AssertionError("an error"),
        StackOverflowError::new,
        () -> new NoClassDefFoundError("a class"),
        () -> new IOException("checked"));
  }

  private static Runnable thrower(Supplier<Throwable> fault) {
    return () -> StepFaultsTest.<RuntimeException>sneak(fault.get());
  }

  @SuppressWarnings("unchecked") // As a library does that throws what it does not declare.
  private static <T extends Throwable> void sneak(Throwable fault) throws T {
    throw (T) fault;
  }

  private void start() {
    for (int id = 1; id <= 3; id++) {
      feed.add(message(id));
    }
    startLoop();
  }

  private void awaitWatermark(int lsn) {
    await()
        .failFast(() -> assertThat(running().hasEnded()).as("the loop is over").isFalse())
        .untilAsserted(
            () ->
                assertThat(
                        Optional.ofNullable(tracker.published().watermark())
                            .map(Watermark::position))
                    .contains(new CommitPosition(0, new Lsn(lsn))));
  }

  private void assertThatTheBadOneIsADeadLetterAndTheLoopGoesOn() {
    awaitWatermark(30);
    await()
        .untilAsserted(
            () ->
                assertThat(events)
                    .filteredOn(event -> event.startsWith("dead letter"))
                    .containsExactly("dead letter " + RejectionReason.INTERNAL_ERROR.label()));
    feed.add(message(4));
    awaitWatermark(40);
  }

  @AfterEach
  void close() {
    running().close();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aMessageThatCannotBeDecodedByADefectIsADeadLetter(Supplier<Throwable> fault) {
    whenDecoding = thrower(fault);
    start();
    assertThatTheBadOneIsADeadLetterAndTheLoopGoesOn();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aMessageThatTheSinkFailsOnIsADeadLetter(Supplier<Throwable> fault) {
    whenApplying = thrower(fault);
    start();
    assertThatTheBadOneIsADeadLetterAndTheLoopGoesOn();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aMessageThatCannotBeAcknowledgedHoldsUpNoOther(Supplier<Throwable> fault) {
    var acknowledged = new CopyOnWriteArrayList<Delivery>();
    feed.whenAcknowledged(
        delivery -> {
          if (isBad(delivery)) {
            thrower(fault).run();
          }
          acknowledged.add(delivery);
        });
    start();
    awaitWatermark(30);
    feed.add(message(4));
    awaitWatermark(40);
    await().until(() -> acknowledged.stream().distinct().count() == 3);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aRejectionThatCannotBeWrittenIsReplacedByAPlainOne(Supplier<Throwable> fault) {
    feed.whenDeadLettered(
        rejection -> {
          if (rejection.reason() != RejectionReason.INTERNAL_ERROR) {
            thrower(fault).run();
          }
        });
    feed.add(RecordingFeed.delivery("{"));
    startLoop();
    await().until(() -> events.contains("dead letter internal-error"));
    feed.add(message(4));
    awaitWatermark(40);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aMessageThatCannotBeDeadLetteredHoldsBackTheWatermarkAlone(Supplier<Throwable> fault)
      throws Exception {
    whenApplying = thrower(fault);
    feed.whenDeadLettered(rejection -> thrower(fault).run());
    start();
    await().until(() -> registry.get("freshet.indexing.stuck").gauge().value() == 1);
    feed.add(message(4));
    await()
        .failFast(() -> assertThat(running().hasEnded()).as("the loop is over").isFalse())
        .until(() -> events.stream().filter(event -> event.startsWith("acknowledge")).count() > 1);
    assertThat(Optional.ofNullable(tracker.published().watermark()).map(Watermark::position))
        .contains(new CommitPosition(0, new Lsn(10)));

    running().pause("to see what is given back", LONG);

    await().until(() -> events.contains("give back 1"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aWatermarkThatCannotBeSavedIsSavedWithTheNextBatch(Supplier<Throwable> fault) {
    watermarks.throwOnce(thrower(fault));
    start();
    feed.add(message(4));
    awaitWatermark(40);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aMetricThatFailsEndsNothing(Supplier<Throwable> fault) {
    registry
        .config()
        .meterFilter(
            new MeterFilter() {
              @Override
              public MeterFilterReply accept(Meter.Id id) {
                if (id.getName().equals("freshet.events")) {
                  thrower(fault).run();
                }
                return MeterFilterReply.NEUTRAL;
              }
            });
    start();
    awaitWatermark(30);
    assertThat(events).noneMatch(event -> event.startsWith("dead letter"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aHistoryThatFailsEndsNothing(Supplier<Throwable> fault) {
    var broken = new boolean[1];
    historyClock =
        new Clock() {
          @Override
          public Instant instant() {
            if (broken[0]) {
              thrower(fault).run();
            }
            return Instant.EPOCH;
          }

          @Override
          public ZoneOffset getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }
        };
    startLoop();
    broken[0] = true;
    for (int id = 1; id <= 3; id++) {
      feed.add(message(id));
    }
    awaitWatermark(30);
    assertThat(events).noneMatch(event -> event.startsWith("dead letter"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aTraceThatCannotBeBegunEndsNothing(Supplier<Throwable> fault) {
    tracing =
        delivery -> {
          thrower(fault).run();
          return Optional::empty;
        };
    start();
    awaitWatermark(30);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aTraceThatFailsAtAnyStepEndsNothing(Supplier<Throwable> fault) {
    whenApplying = thrower(fault);
    tracing = delivery -> new FailingTrace(thrower(fault));
    start();
    assertThatTheBadOneIsADeadLetterAndTheLoopGoesOn();
  }

  private record FailingTrace(Runnable fault) implements MessageTrace {

    @Override
    public Optional<TraceContext> context() {
      fault.run();
      return Optional.empty();
    }

    @Override
    public void read(DocumentChange change) {
      fault.run();
    }

    @Override
    public void ended(String outcome, Instant at) {
      fault.run();
    }

    @Override
    public void failed(RejectionReason reason, Instant at) {
      fault.run();
    }
  }

  @Test
  void whoeverWaitsForWhatThrowsGetsThatAndTheOthersTheirTurn() throws Exception {
    var calls = new int[1];
    var failed =
        waits.await(
            () -> {
              if (calls[0]++ > 1) {
                throw new IllegalStateException("a waiter's own");
              }
              return false;
            },
            LONG);
    start();
    awaitWatermark(30);
    await().until(failed::isCompletedExceptionally);
  }
}
