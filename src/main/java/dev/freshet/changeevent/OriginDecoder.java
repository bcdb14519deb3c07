package dev.freshet.changeevent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.PlausibleTime;
import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads where and when a change happened from Debezium's {@code source} block. */
final class OriginDecoder {

  /** Nothing is captured after it, and every store can keep what is before. */
  private static final Instant END_OF_TIME = Instant.parse("9999-12-31T00:00:00Z");

  private final int epoch;

  /**
   * @param epoch counts how often the source started its LSN again
   */
  OriginDecoder(int epoch) {
    this.epoch = epoch;
  }

  Origin decode(RawChange change, Instant receivedAt) {
    JsonNode source = change.source();
    Instant committedAt = committedAt(source);
    return new Origin(
        position(change, committedAt, receivedAt),
        integer(source.path("txId")).orElse(null),
        PlausibleTime.orNull(committedAt, receivedAt),
        PlausibleTime.orNull(instant(change.capturedMillis(), ChronoUnit.MILLIS), receivedAt),
        receivedAt);
  }

  private Position position(RawChange change, @Nullable Instant committedAt, Instant receivedAt) {
    JsonNode source = change.source();
    boolean snapshot = change.operation().equals("r");
    JsonNode sequence = sequence(source.path("sequence"));
    Optional<Lsn> own = lsn(sequence.path(1)).or(() -> lsn(source.path("lsn")));
    if (own.isEmpty()) {
      return ArrivalPosition.at(receivedAt);
    }
    // Without a sequence the LSN is all there is; it must not look like one before the first
    // commit.
    Lsn lastCommit = sequence.isArray() ? lsn(sequence.path(0)).orElse(null) : own.get();
    return new WalPosition(epoch, lastCommit, snapshot, own.get(), committedAt);
  }

  /** {@code source.sequence} is a JSON text: {@code ["s0","s1"]}. */
  private static JsonNode sequence(JsonNode sequence) {
    if (!sequence.isTextual()) {
      return sequence;
    }
    try {
      return Json.parse(sequence.textValue(), "source.sequence");
    } catch (RejectedException e) {
      return sequence;
    }
  }

  /** A negative one would count as higher than every other. */
  private static Optional<Lsn> lsn(JsonNode node) {
    Optional<Long> value = integer(node);
    if (value.filter(lsn -> lsn < 0).isPresent()) {
      throw new RejectedException(
          RejectionReason.UNDECODABLE, "the LSN " + value.get() + " is negative");
    }
    return value.map(Lsn::new);
  }

  private static @Nullable Instant committedAt(JsonNode source) {
    Instant micros = instant(source.path("ts_us"), ChronoUnit.MICROS);
    return micros == null ? instant(source.path("ts_ms"), ChronoUnit.MILLIS) : micros;
  }

  private static @Nullable Instant instant(JsonNode node, ChronoUnit unit) {
    return integer(node)
        .map(count -> Instant.EPOCH.plus(count, unit))
        .filter(time -> !time.isBefore(Instant.EPOCH) && time.isBefore(END_OF_TIME))
        .orElse(null);
  }

  /** An integer, be it a number or, as in CloudEvents, a text of digits. */
  private static Optional<Long> integer(JsonNode node) {
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return Optional.of(node.longValue());
    }
    if (!node.isTextual()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Long.parseLong(node.textValue()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
