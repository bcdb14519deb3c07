package dev.freshet.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.freshet.feed.ChangeMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * Broken and hostile messages without end, made of captured ones: bytes changed, parts of the JSON
 * replaced, headers and routing keys spoilt. The same for the same seed.
 */
public final class FuzzedMessages {

  private static final int LARGEST_ORIGINAL = 20_000;
  private static final int LARGE_VALUES_ONE_IN = 50;
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final Pattern DATABASE =
      Pattern.compile("(\"(?:iodebezium|__source_|__)?db\":)\"[^\"]*\"");
  private static final byte[][] BYTES = {
    {0},
    {(byte) 0xFF},
    {(byte) 0xC0, (byte) 0x80},
    {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
    {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
    {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF},
    {(byte) 0xFE, (byte) 0xFF},
    {'{'},
    {'"'},
    {']'},
    {'\\', 'u', '0', '0', '0', '0'},
    {'\\', 'u', 'd', '8', '0', '0'},
    {'9', '9', '9', '9', '9', '9', '9', '9', '9', '9', '9'},
    {'-'},
    {'e', '9', '9', '9', '9'},
  };

  private final List<ChangeMessage> originals =
      Corpus.entries().stream()
          .map(Corpus.Entry::message)
          .filter(message -> message.body().length < LARGEST_ORIGINAL)
          .map(FuzzedMessages::ofOneSource)
          .toList();
  private final Random random;

  public FuzzedMessages(long seed) {
    this.random = new Random(seed);
  }

  /** Those of other databases than the first one would be refused unread. */
  private static ChangeMessage ofOneSource(ChangeMessage message) {
    String body = new String(message.body(), StandardCharsets.UTF_8);
    String renamed = DATABASE.matcher(body).replaceAll("$1\"d\"");
    return withBody(message, renamed.getBytes(StandardCharsets.UTF_8));
  }

  public List<ChangeMessage> next(int count) {
    var messages = new ArrayList<ChangeMessage>();
    for (int i = 0; i < count; i++) {
      messages.add(next());
    }
    return messages;
  }

  /** The next message; most are changed in one way, some in several. */
  public ChangeMessage next() {
    ChangeMessage message = pick(originals);
    do {
      message =
          switch (random.nextInt(10)) {
            case 0, 1, 2 -> withBody(message, bytes(message.body()));
            case 3, 4, 5, 6, 7 -> withBody(message, tokens(message.body()));
            case 8 -> withHeaders(message);
            default ->
                new ChangeMessage(
                    pick(HostileValues.ROUTING_KEYS), message.headers(), message.body());
          };
    } while (random.nextInt(3) == 0);
    return message;
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private static ChangeMessage withBody(ChangeMessage message, byte[] body) {
    return new ChangeMessage(message.routingKey(), message.headers(), body);
  }

  private byte[] bytes(byte[] body) {
    byte[] changed = body;
    for (int i = random.nextInt(4); i >= 0; i--) {
      changed = changedBytes(changed);
    }
    return changed;
  }

  private byte[] changedBytes(byte[] body) {
    int from = random.nextInt(body.length + 1);
    int to = Math.min(body.length, from + random.nextInt(40));
    return switch (random.nextInt(6)) {
      case 0 -> joined(body, from, new byte[0], body.length);
      case 1 -> joined(body, from, new byte[0], to);
      case 2 -> joined(body, from, BYTES[random.nextInt(BYTES.length)], from);
      case 3 -> joined(body, to, java.util.Arrays.copyOfRange(body, from, to), to);
      case 4 -> joined(body, from, pick(originals).body(), to);
      default -> {
        byte[] flipped = body.clone();
        if (from < flipped.length) {
          flipped[from] ^= (byte) (1 << random.nextInt(8));
        }
        yield flipped;
      }
    };
  }

  private static byte[] joined(byte[] body, int head, byte[] middle, int tail) {
    var joined = new java.io.ByteArrayOutputStream();
    joined.write(body, 0, head);
    joined.writeBytes(middle);
    joined.write(body, tail, body.length - tail);
    return joined.toByteArray();
  }

  private byte[] tokens(byte[] body) {
    try {
      JsonNode root = MAPPER.readTree(body);
      for (int i = random.nextInt(3); i >= 0; i--) {
        change(root);
      }
      // A lone surrogate stays one: Jackson would refuse to write it as bytes.
      return MAPPER.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
    } catch (java.io.IOException | NumberFormatException e) {
      return bytes(body);
    }
  }

  /** Changes one node, in the rows more often than elsewhere. */
  private void change(JsonNode root) {
    JsonNode payload = root.has("payload") ? root.path("payload") : root;
    String part = pick(List.of("after", "after", "before", "source", "source", "schema", ""));
    JsonNode start = payload.path(part).isContainerNode() ? payload.path(part) : root;
    var containers = new ArrayList<JsonNode>();
    collect(start, containers);
    if (containers.isEmpty()) {
      return;
    }
    JsonNode container = random.nextInt(3) > 0 ? containers.get(0) : pick(containers);
    if (container instanceof ObjectNode object) {
      change(object);
    } else if (container instanceof ArrayNode array) {
      array.insertRawValue(random.nextInt(array.size() + 1), new RawValue(value()));
    }
  }

  private void change(ObjectNode object) {
    var names = new ArrayList<String>();
    object.fieldNames().forEachRemaining(names::add);
    switch (random.nextInt(6)) {
      case 0 -> object.remove(names.isEmpty() ? "" : pick(names));
      case 1 -> object.putRawValue(pick(HostileValues.NAMES), new RawValue(value()));
      case 2 ->
          object.set(pick(HostileValues.NAMES), names.isEmpty() ? null : object.get(pick(names)));
      default -> object.putRawValue(names.isEmpty() ? "id" : pick(names), new RawValue(value()));
    }
  }

  private String value() {
    return random.nextInt(LARGE_VALUES_ONE_IN) == 0
        ? pick(HostileValues.LARGE)
        : pick(HostileValues.SMALL);
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainerNode()) {
      containers.add(node);
      node.forEach(child -> collect(child, containers));
    }
  }

  private ChangeMessage withHeaders(ChangeMessage message) {
    Map<String, String> headers = new HashMap<>(message.headers());
    String name = pick(List.of("__debezium.oldkey", "__debezium.newkey", "\0", "x".repeat(300)));
    headers.put(name, random.nextBoolean() ? value() : key());
    return new ChangeMessage(message.routingKey(), headers, message.body());
  }

  private String key() {
    try {
      return MAPPER.writeValueAsString(
          MAPPER.createObjectNode().putRawValue("id", new RawValue(value())));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
