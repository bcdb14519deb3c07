package dev.freshet.changeevent;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where and when a change happened.
 *
 * @param position orders it among the versions of its row
 * @param txId {@code source.txId}, equal to {@code pg_current_xact_id()} inside the transaction;
 *     null where the event does not say
 * @param committedAt {@code source.ts_ms} (or finer); null where the event does not say, or says a
 *     {@linkplain dev.freshet.PlausibleTime time that no clock shows}
 * @param capturedAt the envelope's {@code ts_ms}; null where the event does not say
 * @param receivedAt when Freshet received the message
 */
public record Origin(
    Position position,
    @Nullable Long txId,
    @Nullable Instant committedAt,
    @Nullable Instant capturedAt,
    Instant receivedAt) {

  /** The event's LSN, where it has one. */
  public Optional<Lsn> lsn() {
    return Lsn.of(position);
  }
}
