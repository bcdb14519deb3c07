package dev.freshet.endtoend;

import dev.freshet.feed.ChangeMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Messages of every kind whose column {@code note} holds a secret. A mark in the column {@code
 * category} of those that are indexed shows where indexed values come to light.
 */
final class MarkedMessages {

  static final String TABLE = "public.products";

  /** The document that the LlamaIndex service refuses. */
  static final int REFUSED = 13;

  /** The document of the last message. */
  static final int LAST = 99;

  private static final String SOURCE =
      "\"source\":{\"schema\":\"public\",\"table\":\"%s\",\"lsn\":%d,\"sequence\":\"[null,\\\"%d\\\"]\"}";

  /** The schema of an event whose column note is a number, as its text is not. */
  private static final String DECIMAL_NOTE =
      """
      {"fields":[{"field":"after","fields":[{"field":"note","type":"bytes","parameters":{"scale":"2"},
                  "name":"org.apache.kafka.connect.data.Decimal"}]}]}
      """;

  private final String secret;
  private final String mark;
  private long lsn = 1_000;

  MarkedMessages(String secret, String mark) {
    this.secret = secret;
    this.mark = mark;
  }

  List<ChangeMessage> changes() {
    var messages = new ArrayList<ChangeMessage>();
    messages.add(message(envelope("c", null, row(1, "Tent"))));
    messages.add(message(envelope("u", row(1, "Tent"), row(1, "Large tent"))));
    messages.add(message(envelope("u", row(1, "Large tent"), unavailable(1))));
    messages.add(message(envelope("r", null, row(2, "Lamp"))));
    messages.add(
        message(envelope("d", row(2, "Lamp"), null), Map.of("__debezium.newkey", "{\"id\":3}")));
    messages.add(
        message(envelope("c", null, row(3, "Lamp")), Map.of("__debezium.oldkey", "{\"id\":2}")));
    messages.add(message(envelope("c", null, row(4, "Rope"))));
    messages.add(message(envelope("d", row(4, "Rope"), null)));
    messages.add(message(flat(5)));
    messages.add(message(cloudEvent(6)));
    messages.add(
        message(
            envelope("c", null, row(7, "Nested").replace(quoted(), "{\"a\":[" + quoted() + "]}"))));
    // These have no bearing on the index.
    messages.add(
        message("{\"op\":\"m\",\"message\":{\"content\":" + quoted() + "}," + source() + "}"));
    messages.add(message(envelope("x", null, row(8, "Unknown"))));
    messages.add(
        message(envelope("c", null, row(8, "Elsewhere")).replace("\"products\"", "\"orders\"")));
    return messages;
  }

  /** Each ends as a dead letter. */
  List<ChangeMessage> faults() {
    String row = row(20, "Faulty");
    String whole = envelope("c", null, row);
    var messages = new ArrayList<ChangeMessage>();
    messages.add(message(envelope("c", null, row.replace("\"id\":20,", "\"id\":null,"))));
    messages.add(message(envelope("c", null, row.replace("\"description\"", "\"describtion\""))));
    messages.add(message(envelope("c", row, null)));
    messages.add(message(envelope("c", null, quoted())));
    messages.add(message(whole.substring(0, whole.indexOf(secret) + secret.length())));
    messages.add(message(whole.substring(0, whole.indexOf(secret) + 5)));
    messages.add(message(whole.replace(quoted(), secret)));
    messages.add(message(whole.replace(quoted(), "tru" + secret)));
    messages.add(message(whole.replace(quoted(), "1" + secret)));
    messages.add(message(whole.replace(quoted(), "\"\\q" + secret + "\"")));
    messages.add(message(whole.replace(quoted(), "\"" + secret + "\n\"")));
    messages.add(message(whole.replace(quoted(), "\"" + secret + "\" " + secret)));
    messages.add(message(whole + secret));
    messages.add(message(secret));
    messages.add(message(quoted()));
    messages.add(new ChangeMessage(TABLE, Map.of(), invalidUtf8(whole)));
    messages.add(message("{\"schema\":%s,\"payload\":%s}".formatted(DECIMAL_NOTE, whole)));
    messages.add(message(whole, Map.of("__debezium.oldkey", "{\"note\":" + secret)));
    messages.add(new ChangeMessage("nowhere", Map.of(), flat(21).getBytes(StandardCharsets.UTF_8)));
    return messages;
  }

  /** The LlamaIndex service refuses it by its id. */
  ChangeMessage refused() {
    return message(envelope("c", null, row(REFUSED, "Refused")));
  }

  /** PostgreSQL has no room in its index for a key of such a length. */
  ChangeMessage refusedByPostgres() {
    String key =
        new Random(1)
            .ints(20_000, 'a', 'z' + 1)
            .mapToObj(Character::toString)
            .collect(Collectors.joining());
    String row = row(REFUSED, "Refused").replace("\"id\":" + REFUSED, "\"id\":\"" + key + "\"");
    return message(envelope("c", null, row));
  }

  ChangeMessage last() {
    return message(envelope("c", null, row(LAST, "The last one")));
  }

  private String quoted() {
    return "\"" + secret + "\"";
  }

  private String row(int id, String title) {
    return "{\"id\":%d,\"title\":\"%s\",\"description\":\"Text\",\"category\":\"%s\",\"note\":%s}"
        .formatted(id, title, mark, quoted());
  }

  private String unavailable(int id) {
    return row(id, "Larger tent").replace(quoted(), "\"__debezium_unavailable_value\"");
  }

  private String envelope(String operation, String before, String after) {
    return "{\"op\":\"%s\",\"before\":%s,\"after\":%s,%s}"
        .formatted(operation, before, after, source());
  }

  private String source() {
    lsn++;
    return SOURCE.formatted("products", lsn, lsn);
  }

  private String flat(int id) {
    String row = row(id, "Flat");
    return row.substring(0, row.length() - 1) + ",\"__op\":\"c\",\"__lsn\":" + ++lsn + "}";
  }

  private String cloudEvent(int id) {
    return """
        {"id":"1","source":"/db","specversion":"1.0","type":"io.debezium.connector.postgresql.DataChangeEvent",
         "iodebeziumop":"c","iodebeziumschema":"public","iodebeziumtable":"products","iodebeziumlsn":"%d",
         "data":{"before":null,"after":%s}}
        """
        .formatted(++lsn, row(id, "Cloud"));
  }

  private byte[] invalidUtf8(String whole) {
    byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
    bytes[whole.indexOf(secret) + secret.length()] = (byte) 0xC3;
    return bytes;
  }

  private static ChangeMessage message(String body) {
    return message(body, Map.of());
  }

  private static ChangeMessage message(String body, Map<String, String> headers) {
    return new ChangeMessage(TABLE, headers, body.getBytes(StandardCharsets.UTF_8));
  }
}
