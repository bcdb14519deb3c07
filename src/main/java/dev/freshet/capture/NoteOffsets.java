package dev.freshet.capture;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;
import org.apache.kafka.connect.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Keeps Debezium's offset in an {@link OffsetNote}. Debezium makes it by its class's name, so the
 * note is handed over by a key.
 */
public final class NoteOffsets extends MemoryOffsetBackingStore {

  /** The engine's setting that has the key of {@link #hold}. */
  static final String KEY = "freshet.offsets";

  private static final Map<String, OffsetNote> HELD = new ConcurrentHashMap<>();

  private @Nullable OffsetNote note;

  /** Keeps the note for the engines of one feed, and answers its key. */
  static String hold(OffsetNote note) {
    String key = UUID.randomUUID().toString();
    HELD.put(key, note);
    return key;
  }

  static void release(String key) {
    HELD.remove(key);
  }

  @Override
  public void configure(WorkerConfig config) {
    super.configure(config);
    note = HELD.get(String.valueOf(config.originals().get(KEY)));
    if (note == null) {
      throw new ConnectException("the feed is closed");
    }
  }

  @Override
  public void start() {
    super.start();
    note().read().forEach((key, value) -> data.put(bytes(key), bytes(value)));
  }

  private OffsetNote note() {
    return Objects.requireNonNull(note, "it is not configured");
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes the note first: what the memory has is confirmed to the source when the engine ends,
   * whether this call failed or not.
   */
  @Override
  public Future<Void> set(Map<ByteBuffer, ByteBuffer> values, Callback<Void> callback) {
    return executor.submit(
        () -> {
          var merged = new HashMap<>(data);
          merged.putAll(values);
          var texts = new HashMap<String, String>();
          merged.forEach((key, value) -> texts.put(text(key), text(value)));
          try {
            note().write(texts);
          } catch (RuntimeException e) {
            callback.onCompletion(e, null);
            throw e;
          }
          data.putAll(values);
          callback.onCompletion(null, null);
          return null;
        });
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  /** Only Kafka Connect's own calls ask for them. */
  @Override
  public Set<Map<String, Object>> connectorPartitions(String connectorName) {
    return Set.of();
  }
}
