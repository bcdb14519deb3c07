package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.GetResponse;
import dev.freshet.PlausibleTime;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads messages of the dead-letter queue, whoever put them there. */
final class DeadLetterReader {

  /** Enough to tell messages apart, short enough to type. */
  private static final int ID_LENGTH = 32;

  private static final int MICROS_PER_SECOND = 1_000_000;

  private final Clock clock;
  private final AtomicInteger read = new AtomicInteger();

  DeadLetterReader(Clock clock) {
    this.clock = clock;
  }

  /** Reads one; the id is the message's own, which a copy of it has too. */
  DeadLetter read(GetResponse taken) {
    BasicProperties properties = taken.getProps();
    Instant now = clock.instant();
    Map<String, String> headers = Headers.text(properties.getHeaders());
    Optional<DeathRecord> death = DeathRecord.first(properties.getHeaders());
    String routingKey =
        Optional.ofNullable(headers.get(DeadLetterProperties.ROUTING_KEY))
            .or(() -> death.map(DeathRecord::routingKey))
            .orElse(taken.getEnvelope().getRoutingKey());
    return new DeadLetter(
        id(headers, routingKey, taken.getBody()),
        new ChangeMessage(routingKey, headers, taken.getBody()),
        reason(headers, death),
        headers.get(DeadLetterProperties.DETAIL),
        failedAt(headers, death, now).orElse(null),
        receivedAt(headers, death, properties, now));
  }

  private static String reason(Map<String, String> headers, Optional<DeathRecord> death) {
    return Optional.ofNullable(headers.get(DeadLetterProperties.REASON))
        .or(() -> death.map(DeathRecord::reason))
        .orElse(DeadLetter.UNKNOWN);
  }

  private static Optional<Instant> failedAt(
      Map<String, String> headers, Optional<DeathRecord> death, Instant now) {
    return DeadLetterProperties.instant(headers.get(DeadLetterProperties.FAILED_AT), now)
        .or(() -> death.map(DeathRecord::at).filter(at -> PlausibleTime.isPlausible(at, now)));
  }

  /**
   * Of a message that Freshet did not put there, the earliest time that somebody noted. Those are
   * whole seconds, so a count keeps the queue's order within one.
   */
  private Instant receivedAt(
      Map<String, String> headers,
      Optional<DeathRecord> death,
      BasicProperties properties,
      Instant now) {
    var own = DeadLetterProperties.instant(headers.get(DeadLetterProperties.RECEIVED_AT), now);
    if (own.isPresent()) {
      return own.get();
    }
    int place = Math.floorMod(read.getAndIncrement(), MICROS_PER_SECOND);
    return Optional.ofNullable(properties.getTimestamp())
        .map(Date::toInstant)
        .or(() -> death.map(DeathRecord::at))
        .filter(noted -> PlausibleTime.isPlausible(noted, now))
        .map(noted -> noted.plus(place, ChronoUnit.MICROS))
        .orElseGet(() -> now.truncatedTo(ChronoUnit.MICROS));
  }

  private static String id(Map<String, String> headers, String routingKey, byte[] body) {
    String own = headers.get(DeadLetterProperties.ID);
    return own != null && !own.isBlank() ? own : hash(headers, routingKey, body);
  }

  private static String hash(Map<String, String> headers, String routingKey, byte[] body) {
    var stable = new TreeMap<>(headers);
    // A quorum queue counts each look.
    stable.remove("x-delivery-count");
    stable.remove("x-acquired-count");
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update((routingKey + "\0" + stable + "\0").getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(body)).substring(0, ID_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
