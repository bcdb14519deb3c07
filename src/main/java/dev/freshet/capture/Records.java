package dev.freshet.capture;

import dev.freshet.changeevent.Lsn;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.ChangeRelay;
import dev.freshet.feed.DeliveryBuffer;
import io.debezium.embedded.EmbeddedEngineChangeEvent;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine.ChangeConsumer;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.Header;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Puts what one run of the engine reads into the buffer, as the messages that Debezium Server would
 * publish, and marks as processed what stands before the first unsettled record. Debezium confirms
 * to the source only what was marked, and only after it is noted.
 */
final class Records implements ChangeConsumer<ChangeEvent<String, String>> {

  /** Of Debezium's own heartbeats, which this JVM makes: they prove nothing of the source. */
  private static final String OWN_HEARTBEAT = "__debezium-heartbeat";

  private final String prefix;
  private final Lsn rowsAt;
  private final DeliveryBuffer buffer;
  private final ChangeRelay relay;
  private final Runnable reading;
  private final Runnable following;
  private final Consumer<String> echoes;
  private final Unsettled<ChangeEvent<String, String>> unsettled = new Unsettled<>();
  private volatile long lastHeard = System.nanoTime();
  private volatile boolean waitsForRoom;
  private volatile boolean begun;
  private boolean streams;
  private boolean follows;

  /**
   * @param rowsAt the position of rows that are read
   * @param reading called when the engine hands over its first records
   * @param following called when the first change is settled, after what was read before
   * @param echoes gets the contents of the logical messages that {@link Heartbeat} wrote
   */
  Records(
      String topicPrefix,
      Lsn rowsAt,
      DeliveryBuffer buffer,
      ChangeRelay relay,
      Runnable reading,
      Runnable following,
      Consumer<String> echoes) {
    this.prefix = topicPrefix + ".";
    this.rowsAt = rowsAt;
    this.buffer = buffer;
    this.relay = relay;
    this.reading = reading;
    this.following = following;
    this.echoes = echoes;
  }

  @Override
  public void handleBatch(
      List<ChangeEvent<String, String>> records,
      RecordCommitter<ChangeEvent<String, String>> committer)
      throws InterruptedException {
    if (!begun) {
      begun = true;
      reading.run();
    }
    lastHeard = System.nanoTime();
    for (ChangeEvent<String, String> record : records) {
      boolean isOwn = record.destination().startsWith(OWN_HEARTBEAT);
      if (isOwn && !streams) {
        // Its offset is the log's end, which nothing has been read up to.
        continue;
      }
      streams = true;
      Unsettled.Entry<?> entry = unsettled.add(record, lsn(record));
      String value = record.value();
      if (value == null || isOwn) {
        entry.settle();
      } else {
        if (record.destination().equals(prefix + "message")) {
          lookForEcho(record);
        }
        waitsForRoom = true;
        handOn(message(record, value), isOfTable(record.destination()), settling(entry, record));
        waitsForRoom = false;
        lastHeard = System.nanoTime();
      }
    }
    var done = unsettled.advance();
    if (done.isPresent()) {
      committer.markProcessed(done.get());
    }
    committer.markBatchFinished();
  }

  /** With the first change, the rows before it are settled, too. */
  private Runnable settling(Unsettled.Entry<?> entry, ChangeEvent<String, String> record) {
    if (follows || isRead(record)) {
      return entry::settle;
    }
    follows = true;
    return () -> {
      entry.settle();
      following.run();
    };
  }

  /** It is settled when the index has it, and the others do. */
  private void handOn(ChangeMessage message, boolean isOfTable, Runnable settle)
      throws InterruptedException {
    var left = new AtomicInteger(2);
    Runnable done =
        () -> {
          if (left.decrementAndGet() == 0) {
            settle.run();
          }
        };
    relay.relay(message, isOfTable, done);
    if (isOfTable) {
      buffer.put(message, done);
    } else {
      buffer.putSignal(message, done);
    }
  }

  private static @Nullable Object lsn(ChangeEvent<String, String> record) {
    return source(record).sourceOffset().get("lsn");
  }

  /** Debezium's own converter casts it in the same way; the public type does not tell it. */
  private static SourceRecord source(ChangeEvent<String, String> record) {
    return ((EmbeddedEngineChangeEvent<?, ?, ?>) record).sourceRecord();
  }

  /** Whether the engine has handed over anything in this run. */
  boolean haveBegun() {
    return begun;
  }

  /**
   * For how long the engine has handed nothing over, though there was room. While it reads it hands
   * over its own heartbeats.
   */
  Duration silence() {
    return waitsForRoom ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - lastHeard);
  }

  /** Anybody may write a logical message, of any size and content. */
  private void lookForEcho(ChangeEvent<String, String> record) {
    if (!(source(record).value() instanceof Struct change
        && change.schema().field("message") != null)) {
      return;
    }
    Struct message = change.getStruct("message");
    if (Heartbeat.PREFIX.equals(message.getString("prefix"))
        && message.getBytes("content") != null
        && message.getBytes("content").length <= Heartbeat.LONGEST) {
      echoes.accept(new String(message.getBytes("content"), StandardCharsets.UTF_8));
    }
  }

  private ChangeMessage message(ChangeEvent<String, String> record, String value) {
    Map<String, String> headers = new HashMap<>();
    for (Header<Object> header : record.<Object>headers()) {
      headers.put(header.getKey(), String.valueOf(header.getValue()));
    }
    return new ChangeMessage(routingKey(record.destination()), headers, body(record, value));
  }

  private byte[] body(ChangeEvent<String, String> record, String value) {
    return isRead(record)
        ? SnapshotReads.yielding(value, rowsAt)
        : value.getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isRead(ChangeEvent<String, String> record) {
    return source(record).value() instanceof Struct change
        && change.schema().field("op") != null
        && "r".equals(change.getString("op"));
  }

  /** A table's topic without the prefix, as {@code docs/debezium.md} routes it; others as is. */
  private String routingKey(String topic) {
    return isOfTable(topic) ? topic.substring(prefix.length()) : topic;
  }

  private boolean isOfTable(String topic) {
    return topic.startsWith(prefix) && topic.indexOf('.', prefix.length() + 1) > 0;
  }
}
