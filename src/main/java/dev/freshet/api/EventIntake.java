package dev.freshet.api;

import dev.freshet.RejectedException;
import dev.freshet.UnavailableException;
import dev.freshet.api.problem.Problem;
import dev.freshet.api.problem.ProblemException;
import dev.freshet.changeevent.ChangeEvent;
import dev.freshet.changeevent.ChangeEvent.RowEvent;
import dev.freshet.changeevent.ChangeEvent.Tombstone;
import dev.freshet.changeevent.ChangeEventDecoder;
import dev.freshet.changeevent.TableId;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.ChangePublisher;
import dev.freshet.feed.UnroutableException;
import io.micronaut.http.HttpStatus;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks change events, and puts them on the feed. */
@Singleton
final class EventIntake {

  /** AMQP's limit. */
  private static final int LONGEST_ROUTING_KEY = 255;

  private final ChangeEventDecoder decoder;
  private final ChangePublisher publisher;

  EventIntake(ChangeEventDecoder decoder, ChangePublisher publisher) {
    this.decoder = decoder;
    this.publisher = publisher;
  }

  /**
   * Takes all events, or none when one of them cannot be decoded.
   *
   * @param table that of events which do not name theirs; null where nothing is known of it
   * @param headers of each message
   * @return how many were taken
   * @throws ProblemException that names the first event which was not taken
   */
  int take(List<byte[]> bodies, @Nullable TableId table, Map<String, String> headers) {
    var messages = new ArrayList<Optional<ChangeMessage>>();
    for (byte[] body : bodies) {
      String routingKey = table == null ? "" : table.toString();
      messages.add(routed(body, routingKey, messages.size()).map(one -> one.withHeaders(headers)));
    }
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i).isPresent()) {
        publish(messages.get(i).get(), i);
      }
    }
    return messages.size();
  }

  /** Empty where there is nothing to put on the feed. */
  private Optional<ChangeMessage> routed(byte[] body, String routingKey, int index) {
    try {
      // Of what is decoded only the table counts here: the loop decodes the message again.
      var message = new ChangeMessage(routingKey, Map.of(), body);
      ChangeEvent event = decoder.decode(message, Instant.EPOCH);
      String byTable = routingKey(event, routingKey);
      if (byTable.getBytes(StandardCharsets.UTF_8).length > LONGEST_ROUTING_KEY) {
        throw undecodable(index, "the table's name is longer than a routing key can be");
      }
      // A tombstone says nothing; what else is of no row may say how far the source is.
      return event instanceof Tombstone && byTable.isEmpty()
          ? Optional.empty()
          : Optional.of(new ChangeMessage(byTable, Map.of(), body));
    } catch (RejectedException e) {
      throw undecodable(index, e.detail());
    }
  }

  private static ProblemException undecodable(int index, String why) {
    String detail = "event " + index + " cannot be decoded: " + why;
    return new ProblemException(Problem.of(HttpStatus.BAD_REQUEST, detail).withEvent(index, 0));
  }

  private static String routingKey(ChangeEvent event, String otherwise) {
    return event instanceof RowEvent row ? row.table().toString() : otherwise;
  }

  private void publish(ChangeMessage message, int index) {
    try {
      publisher.publish(message);
    } catch (UnroutableException e) {
      throw new ProblemException(
          problem(HttpStatus.UNPROCESSABLE_ENTITY, index, "no queue takes it", e.getMessage()));
    } catch (UnavailableException e) {
      throw new ProblemException(
          problem(HttpStatus.SERVICE_UNAVAILABLE, index, "the feed is unavailable", e.getMessage()),
          e.retryAfter().orElse(null));
    }
  }

  private static Problem problem(
      HttpStatus status, int index, String what, @Nullable String reason) {
    return Problem.of(status, "event " + index + " was not taken, " + what + ": " + reason)
        .withEvent(index, index);
  }
}
