package dev.freshet.feed.rabbitmq;

import dev.freshet.feed.rabbitmq.Inventory.Thing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Judges whether Freshet can consume from what there is, and what it means where it differs. */
final class Assessment {

  private static final String STREAM = "stream";

  /** What an argument means of a queue that Freshet would declare without it. */
  private static final Map<String, String> MEANINGS =
      Map.of(
          "x-max-length", "when it is full, RabbitMQ gives messages up or refuses new ones",
          "x-max-length-bytes", "when it is full, RabbitMQ gives messages up or refuses new ones",
          "x-message-ttl", "RabbitMQ gives up what waits longer than so many milliseconds",
          "x-expires", "RabbitMQ deletes the queue when nobody consumes for so many milliseconds",
          "x-delivery-limit", "RabbitMQ gives up what was delivered more often");

  private final RabbitmqConfiguration names;
  private final Inventory inventory;
  private final List<String> remarks = new ArrayList<>();

  Assessment(RabbitmqConfiguration names, Inventory inventory) {
    this.names = names;
    this.inventory = inventory;
  }

  Layout layout() throws TopologyMismatchException {
    requireUsable(inventory.queue());
    if (names.topology() == TopologyMode.DECLARE) {
      remarkOnPermissions();
    }
    remarkOnExchange(inventory.exchange());
    remarkOnQueue(inventory.queue());
    remarkOnDeadLetters();
    return new Layout(
        !isOfType(inventory.queue(), QueueType.CLASSIC.label()),
        deadLettersByBroker(),
        inventory.deadLetterExchange().found().exists() && !isInternal(),
        inventory.deadLetterQueue().found().exists(),
        remarks);
  }

  private void requireUsable(Thing queue) throws TopologyMismatchException {
    if (!queue.found().exists()) {
      throw new TopologyMismatchException(
          names.topology() == TopologyMode.CHECK
              ? "%s does not exist, and freshet.rabbitmq.topology=check declares nothing: create it, set freshet.rabbitmq.queue to one that exists, or set freshet.rabbitmq.topology=declare"
                  .formatted(queue)
              : "%s does not exist, and the user may not declare it: create it, give the user the 'configure' permission for it, or set freshet.rabbitmq.queue to one that exists"
                  .formatted(queue));
    }
    if (!(queue.found() instanceof Found.Known known)) {
      return;
    }
    if (isOfType(queue, STREAM)) {
      throw new TopologyMismatchException(
          "%s is a stream, from which Freshet cannot consume: set freshet.rabbitmq.queue to a classic or quorum queue, or to a new name"
              .formatted(queue));
    }
    if (!known.is(Inspector.DURABLE)) {
      throw unsafe(queue, "is not durable: a restart of the broker loses what waits there");
    }
    if (known.is(Inspector.AUTO_DELETE)) {
      throw unsafe(
          queue, "is deleted with all that waits there when its last consumer goes (auto-delete)");
    }
  }

  private static TopologyMismatchException unsafe(Thing queue, String why) {
    return new TopologyMismatchException(
        "%s %s. Delete it once it is empty, so that Freshet declares a durable one, or set freshet.rabbitmq.queue to a new name; freshet.rabbitmq.topology=check consumes from it all the same"
            .formatted(queue, why));
  }

  private void remarkOnPermissions() {
    String opaque =
        inventory
            .all()
            .filter(thing -> thing.found() instanceof Found.Opaque)
            .map(thing -> "%s (%s)".formatted(thing, ((Found.Opaque) thing.found()).why()))
            .collect(Collectors.joining(", "));
    if (!opaque.isEmpty()) {
      remarks.add("Freshet uses as it is, without knowing its arguments: " + opaque);
    }
    for (String binding : inventory.unbound()) {
      remarks.add(
          "the user may not bind %s: it gets what it is bound to already".formatted(binding));
    }
  }

  private void remarkOnExchange(Thing exchange) {
    if (!exchange.found().exists()) {
      remarks.add(
          "%s does not exist: create it and bind queue '%s' to it, or set freshet.rabbitmq.exchange to the one that Debezium publishes to"
              .formatted(exchange, names.queue()));
    } else if (exchange.found() instanceof Found.Known known) {
      String type = String.valueOf(known.property(Inspector.EXCHANGE_TYPE));
      String meaning = meaningOfType(type);
      if (!meaning.isEmpty()) {
        remarks.add("%s is of type %s, not topic: %s".formatted(exchange, type, meaning));
      }
      if (!known.is(Inspector.DURABLE)) {
        remarks.add(
            "%s is not durable: it goes with its bindings when the broker restarts"
                .formatted(exchange));
      }
    }
  }

  private String meaningOfType(String type) {
    return switch (type) {
      case "topic" -> "";
      case "fanout", "headers" ->
          "whatever its routing key, each event reaches queue '%s'".formatted(names.queue());
      case "direct" ->
          names.routingKeys().stream().anyMatch(key -> key.contains("#") || key.contains("*"))
              ? "it compares whole routing keys, so freshet.rabbitmq.routing-keys must list the key of each table, without # and *"
              : "";
      default ->
          "Freshet does not bind queue '%s' to it; bind it yourself".formatted(names.queue());
    };
  }

  private void remarkOnQueue(Thing queue) {
    if (!(queue.found() instanceof Found.Known known)) {
      return;
    }
    Map<String, Object> wanted = names.allQueueArguments();
    var arguments = new TreeSet<>(wanted.keySet());
    arguments.addAll(known.properties().keySet());
    arguments.removeIf(name -> !name.startsWith("x-"));
    for (String argument : arguments) {
      Object existing = known.property(argument);
      if (!isSame(argument, wanted.get(argument), existing)) {
        remarks.add(difference(queue, argument, existing));
      }
    }
  }

  private static boolean isSame(
      String argument, @Nullable Object wanted, @Nullable Object existing) {
    boolean unasked =
        argument.equals(QueueArguments.TYPE)
            && wanted == null
            && QueueType.CLASSIC.label().equals(existing);
    return unasked || Objects.equals(String.valueOf(wanted), String.valueOf(existing));
  }

  private String difference(Thing queue, String argument, @Nullable Object existing) {
    if (argument.equals(QueueArguments.TYPE)) {
      return "%s is a %s queue: each time a message is given back counts towards its delivery limit"
          .formatted(queue, existing);
    }
    if (argument.equals(QueueArguments.DEAD_LETTER_EXCHANGE)) {
      return existing == null
          ? "%s has no x-dead-letter-exchange: what RabbitMQ itself gives up is lost, unless a policy names an exchange; what Freshet rejects goes to queue '%s'"
              .formatted(queue, names.deadLetterQueue())
          : "%s has x-dead-letter-exchange '%s': what RabbitMQ itself gives up goes there, and what Freshet rejects to queue '%s'; set freshet.rabbitmq.dead-letter-exchange to make it one"
              .formatted(queue, existing, names.deadLetterQueue());
    }
    if (argument.equals(QueueArguments.DEAD_LETTER_ROUTING_KEY)) {
      return existing == null
          ? "%s has no x-dead-letter-routing-key: what RabbitMQ itself gives up keeps its routing key, with which it must find a queue"
              .formatted(queue)
          : "%s has x-dead-letter-routing-key '%s': what RabbitMQ itself gives up gets this key, with which it must find a queue"
              .formatted(queue, existing);
    }
    if (existing == null) {
      return "%s has no %s, which freshet.rabbitmq.queue-arguments names: RabbitMQ gives it to a new queue only; a policy may do"
          .formatted(queue, argument);
    }
    return "%s has %s=%s%s"
        .formatted(
            queue,
            argument,
            existing,
            MEANINGS.containsKey(argument) ? ": " + MEANINGS.get(argument) : "");
  }

  private void remarkOnDeadLetters() {
    Thing exchange = inventory.deadLetterExchange();
    Thing queue = inventory.deadLetterQueue();
    if (!queue.found().exists()) {
      remarks.add(
          "%s does not exist: what can never be indexed stays in queue '%s' and holds up what is behind it until there is one; freshet.rabbitmq.dead-letter-queue names it"
              .formatted(queue, names.queue()));
    } else if (!exchange.found().exists()) {
      remarks.add(
          "%s does not exist: Freshet puts what it rejects into %s directly; what RabbitMQ itself gives up is lost"
              .formatted(exchange, queue));
    }
    if (isOfType(queue, QueueType.QUORUM.label())) {
      remarks.add(
          "%s is a quorum queue: each look at a dead letter counts towards its delivery limit (20 by default in RabbitMQ 4), after which it is lost. Delete it once it is empty, so that Freshet declares a classic one, or lift the limit by a policy"
              .formatted(queue));
    }
    for (String bound : List.of("x-max-length", "x-max-length-bytes", "x-message-ttl")) {
      if (queue.found() instanceof Found.Known known && known.property(bound) != null) {
        remarks.add(
            "%s has %s=%s: dead letters over it are lost"
                .formatted(queue, bound, known.property(bound)));
      }
    }
  }

  private boolean deadLettersByBroker() {
    return inventory.queue().found() instanceof Found.Known known
        && names.deadLetterExchange().equals(known.property(QueueArguments.DEAD_LETTER_EXCHANGE))
        && known.property(QueueArguments.DEAD_LETTER_ROUTING_KEY) != null
        && inventory.deadLetterExchange().found().exists()
        && inventory.deadLetterQueue().found().exists()
        && inventory.unbound().isEmpty();
  }

  private boolean isInternal() {
    return inventory.deadLetterExchange().found() instanceof Found.Known known
        && known.is(Inspector.INTERNAL);
  }

  private static boolean isOfType(Thing queue, String type) {
    return queue.found() instanceof Found.Known known
        && type.equals(known.property(QueueArguments.TYPE));
  }
}
