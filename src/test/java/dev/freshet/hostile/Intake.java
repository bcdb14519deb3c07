package dev.freshet.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.ChangeEventDecoder;
import dev.freshet.changeevent.ColumnTypes;
import dev.freshet.document.DocumentMapper;
import dev.freshet.document.MessageReader;
import dev.freshet.document.SizeLimits;
import dev.freshet.document.TableMappings;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.UnroutableException;
import dev.freshet.freshness.Departed;
import dev.freshet.freshness.IgnoredTables;
import dev.freshet.freshness.IndexingProgress;
import dev.freshet.freshness.PublishedWatermark;
import dev.freshet.freshness.Waits;
import dev.freshet.freshness.WatermarkTracker;
import dev.freshet.indexing.FailureRecorder;
import dev.freshet.indexing.IndexingConfiguration;
import dev.freshet.indexing.IndexingLoop;
import dev.freshet.indexing.Signals;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.sink.IndexSink;
import dev.freshet.source.KeyCoverage;
import dev.freshet.source.SourceOwnership;
import dev.freshet.support.InMemoryLedger;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A feed in memory and the loop that empties it into a sink. */
public final class Intake implements AutoCloseable {

  private static final int CAPACITY = 10_000;
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final int SHOWN = 600;
  static final long MEGABYTE = 1024 * 1024;

  private final WatchedFeed feed = new WatchedFeed(CAPACITY);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Waits waits = new Waits(100);
  private final WatermarkTracker tracker;
  private final SourceOwnership sources;
  private final IndexingProgress progress;
  private final IndexingLoop loop;

  public Intake(IndexSink sink) {
    this(sink, new InMemoryLedger());
  }

  /**
   * @param ledger has the watermark, and remembers whose the index is
   */
  public Intake(IndexSink sink, DocumentLedger ledger) {
    this(sink, ledger, new TableMappings(Map.of()));
  }

  /**
   * @param ledger has the watermark, and remembers whose the index is
   */
  public Intake(IndexSink sink, DocumentLedger ledger, TableMappings mappings) {
    this.tracker =
        new WatermarkTracker(ledger.watermarks(), feed, Departed.NONE, 0, waits, Clock.systemUTC());
    this.sources = new SourceOwnership(ledger.notes(), Clock.systemUTC());
    this.progress =
        new IndexingProgress(tracker, sources, new KeyCoverage(ledger), waits, Clock.systemUTC());
    this.loop =
        new IndexingLoop(
            feed,
            new MessageReader(
                new ChangeEventDecoder(0, "__debezium_unavailable_value", ColumnTypes.NONE),
                new DocumentMapper(mappings),
                new SizeLimits(32 * MEGABYTE, 8 * MEGABYTE)),
            sink,
            new FailureRecorder(new InMemoryLedger().failures()),
            progress,
            new IndexingConfiguration(
                64,
                512 * 1024,
                32 * MEGABYTE,
                8 * MEGABYTE,
                64 * MEGABYTE,
                Duration.ofMillis(50),
                Duration.ofMillis(200),
                Duration.ZERO,
                LONGEST,
                false),
            Signals.of(registry),
            Clock.systemUTC());
    loop.start();
  }

  /**
   * Feeds the messages and waits until each is acknowledged or dead-lettered. A failure of the sink
   * counts as a defect, for the sink is well.
   *
   * @return the dead letters
   */
  public List<GivenUp> settle(List<ChangeMessage> messages) {
    feed.forget();
    messages.forEach(this::publish);
    await()
        .atMost(LONGEST)
        .pollInterval(Duration.ofMillis(5))
        .failFast(() -> assertThat(loop.hasEnded()).as("the loop is over").isFalse())
        .failFast(() -> assertThat(loop.stall()).as("the sink is well").isEmpty())
        .until(() -> feed.settled() >= messages.size());
    assertThat(feed.settled()).isEqualTo(messages.size());
    assertThat(registry.counter("freshet.indexing.failures").count()).isZero();
    List<GivenUp> deadLetters = feed.deadLetters();
    assertThat(deadLetters)
        .filteredOn(letter -> letter.rejection().reason() == RejectionReason.INTERNAL_ERROR)
        .extracting(Intake::shown)
        .isEmpty();
    return deadLetters;
  }

  /** How far the source is applied. */
  PublishedWatermark watermark() {
    return tracker.published();
  }

  /** The tables whose changes became no documents. */
  public IgnoredTables ignored() {
    return progress.ignored();
  }

  /** Whether the source tells of changed keys. */
  public KeyCoverage keys() {
    return progress.keys();
  }

  SourceOwnership sources() {
    return sources;
  }

  private void publish(ChangeMessage message) {
    try {
      feed.publish(message);
    } catch (UnroutableException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String shown(GivenUp letter) {
    String body = new String(letter.message().body(), StandardCharsets.UTF_8);
    return "%s: %s %s %s"
        .formatted(
            letter.rejection().detail(),
            cut(letter.message().routingKey()),
            cut(letter.message().headers().toString()),
            cut(body));
  }

  private static String cut(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  @Override
  public void close() {
    loop.close();
    feed.close();
  }
}
