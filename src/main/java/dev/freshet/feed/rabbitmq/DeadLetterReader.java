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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads messages of the dead-letter queue, whoever put them there. */
final class DeadLetterReader {

  /** Enough to tell messages apart, short enough to type. */
  private static final int ID_LENGTH = 32;

  /** Anyone may have written anything; such an id stands in a path and in the log. */
  private static final Pattern ORDINARY_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private static final int MICROS_PER_SECOND = 1_000_000;

  private final Clock clock;
  private final AtomicInteger read = new AtomicInteger();

  DeadLetterReader(Clock clock) {
    this.clock = clock;
  }

  /** Reads one; the id is the message's own if it is fit to be one, which a copy has too. */
  DeadLetter read(GetResponse taken) {
    BasicProperties properties = taken.getProps();
    Instant now = clock.instant();
    Map<String, String> headers = Headers.text(properties.getHeaders());
    Optional<DeathRecord> death = DeathRecord.first(properties.getHeaders());
    String routingKey =
        Optional.ofNullable(headers.get(DeadLetterProperties.ROUTING_KEY))
            .or(() -> death.map(DeathRecord::routingKey))
            .orElse(taken.getEnvelope().getRoutingKey());
    Optional<DeathRecord> newest = brokersOwn(headers, properties, now);
    return new DeadLetter(
        id(headers, routingKey, taken.getBody()),
        new ChangeMessage(routingKey, headers, taken.getBody()),
        reason(headers, newest),
        newest
            .map(DeathRecord::detail)
            .or(() -> text(headers, DeadLetterProperties.DETAIL))
            .orElse(null),
        failedAt(headers, death, now).orElse(null),
        receivedAt(headers, death, properties, now));
  }

  /** The death that made it a dead letter, where it was not Freshet that put it there. */
  private static Optional<DeathRecord> brokersOwn(
      Map<String, String> headers, BasicProperties properties, Instant now) {
    return DeathRecord.last(properties.getHeaders())
        .filter(death -> isNewer(death, headers.get(DeadLetterProperties.FAILED_AT), now));
  }

  /** A letter of Freshet's that was put on the queue again, and died there by the broker's hand. */
  private static boolean isNewer(DeathRecord death, @Nullable String failedAt, Instant now) {
    return DeadLetterProperties.instant(failedAt, now)
        .map(failed -> death.at() != null && death.at().isAfter(failed))
        .orElse(true);
  }

  /** A listing holds many of them. */
  private static Optional<String> text(Map<String, String> headers, String name) {
    return Optional.ofNullable(headers.get(name)).map(DeadLetterProperties::cut);
  }

  private static String reason(Map<String, String> headers, Optional<DeathRecord> newest) {
    return newest
        .map(DeathRecord::label)
        .or(() -> text(headers, DeadLetterProperties.REASON))
        .orElse(DeadLetter.UNKNOWN);
  }

  /** Reads one that the broker has just put there, of the newest of its deaths. */
  DeadLetter read(GetResponse taken, DeathRecord death) {
    DeadLetter letter = read(taken);
    boolean isNoted = letter.message().headers().containsKey(DeadLetterProperties.RECEIVED_AT);
    return new DeadLetter(
        letter.id(),
        letter.message(),
        death.label(),
        death.detail(),
        Optional.ofNullable(death.at())
            .filter(at -> PlausibleTime.isPlausible(at, clock.instant()))
            .orElse(null),
        // No later than any reading of its copy in the dead-letter queue.
        isNoted ? letter.receivedAt() : letter.receivedAt().truncatedTo(ChronoUnit.SECONDS));
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
    return own != null && ORDINARY_ID.matcher(own).matches()
        ? own
        : hash(headers, routingKey, body);
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
