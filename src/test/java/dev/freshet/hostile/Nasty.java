package dev.freshet.hostile;

import dev.freshet.RejectionReason;
import dev.freshet.feed.ChangeMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message known to break programs.
 *
 * @param body where {@code LSN} stands, a number goes
 * @param text what is indexed then; null where it is dead-lettered or does not affect the index
 * @param reason why it is dead-lettered; null where it is not
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Nasty(
    String name,
    Map<String, String> headers,
    byte[] body,
    @Nullable String text,
    @Nullable RejectionReason reason) {

  /** The word that no reason may repeat. */
  static final String SECRET = "SECRET";

  static final String TABLE = "nasty";

  ChangeMessage message(long lsn) {
    String text = new String(body, StandardCharsets.ISO_8859_1).replace("LSN", "" + lsn);
    return new ChangeMessage(
        "public." + TABLE, headers, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public String toString() {
    return name;
  }

  private static Nasty indexed(String name, String after, String text) {
    return new Nasty(name, Map.of(), event(name, after, TABLE), text, null);
  }

  private static Nasty undecodable(String name, String after) {
    return new Nasty(name, Map.of(), event(name, after, TABLE), null, RejectionReason.UNDECODABLE);
  }

  private static byte[] event(String key, String after, String table) {
    return utf8(
        """
        {"op":"u","after":{"id":"%s",%s},
         "source":{"schema":"public","table":"%s","lsn":LSN}}"""
            .formatted(key, after, table));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Nasty body(String name, byte[] body) {
    return new Nasty(name, Map.of(), body, null, RejectionReason.UNDECODABLE);
  }

  static List<Nasty> all() {
    var all = new ArrayList<Nasty>();
    all.addAll(texts());
    all.addAll(names());
    all.addAll(numbers());
    all.addAll(shapes());
    all.addAll(positions());
    all.addAll(foreign());
    return all;
  }

  private static List<Nasty> texts() {
    String marks = "\\u0301".repeat(100_000);
    String word = "x".repeat(100_000);
    return List.of(
        indexed("NUL", "\"title\":\"a\\u0000b\"", "Title: a\ufffdb"),
        indexed("half a pair", "\"title\":\"a\\ud800b\"", "Title: a\ufffdb"),
        indexed("other half", "\"title\":\"\\udc00\"", "Title: \ufffd"),
        indexed("a pair", "\"title\":\"\\ud83d\\ude00\"", "Title: \ud83d\ude00"),
        indexed("NUL in metadata", "\"title\":\"t\",\"m\":[{\"\\u0000\":\"\\u0000\"}]", "Title: t"),
        indexed("right to left", "\"title\":\"\\u202etxet\"", "Title: \u202etxet"),
        indexed("template", "\"title\":\"{id} $1 \\\\1\"", "Title: {id} $1 \\1"),
        indexed("marks", "\"title\":\"" + marks + "\"", "Title: " + "\u0301".repeat(100_000)),
        indexed("long word", "\"title\":\"" + word + " ends\"", "Title:  ends"),
        indexed(
            "a picture",
            "\"title\":\"see data:image/png;base64," + word + " there\"",
            "Title: see  there"),
        new Nasty(
            "no UTF-8",
            Map.of(),
            new byte[] {'{', '"', 'S', 'E', 'C', 'R', 'E', 'T', '"', ':', '"', (byte) 0xFF, '"'},
            null,
            RejectionReason.UNDECODABLE));
  }

  private static List<Nasty> names() {
    return List.of(
        indexed("NUL in a column's name", "\"title\":\"t\",\"a\\u0000b\":1", "Title: t"),
        indexed(
            "a long column's name", "\"title\":\"t\",\"" + "n".repeat(49_000) + "\":1", "Title: t"),
        indexed("reserved", "\"title\":\"t\",\"freshet_document_id\":\"x\"", "Title: t"),
        undecodable("NUL in a key SECRET\\u0000", "\"title\":\"t\""),
        undecodable("half a pair in a key SECRET\\ud800", "\"title\":\"t\""),
        body("NUL in a table", event("1", "\"title\":\"t\"", "a\\u0000b")),
        body("half a pair in a table", event("1", "\"title\":\"t\"", "a\\ud800b")),
        body(
            "a dot in a schema",
            utf8("{\"op\":\"t\",\"source\":{\"schema\":\"a.b\",\"table\":\"c\",\"lsn\":LSN}}")),
        new Nasty(
            "old key",
            Map.of("__debezium.oldkey", "SECRET {"),
            event("1", "\"title\":\"t\"", TABLE),
            null,
            RejectionReason.UNDECODABLE));
  }

  private static List<Nasty> numbers() {
    return List.of(
        indexed("beyond double", "\"title\":\"t\",\"n\":1e5000", "Title: t"),
        indexed("beyond long", "\"title\":\"t\",\"n\":99999999999999999999", "Title: t"),
        indexed("many digits", "\"title\":\"t\",\"n\":" + "9".repeat(999), "Title: t"),
        undecodable("too many digits", "\"title\":\"SECRET\",\"n\":" + "9".repeat(1_001)),
        undecodable("beyond numeric", "\"title\":\"SECRET\",\"n\":1e999999999"),
        undecodable("beyond BigDecimal", "\"title\":\"SECRET\",\"n\":1e99999999999"),
        undecodable("no number when written", "\"title\":\"SECRET\",\"n\":1000e2147483647"),
        undecodable("in an array", "\"title\":\"SECRET\",\"n\":[1e999999999]"),
        undecodable(
            "scale", "\"title\":\"SECRET\",\"n\":{\"scale\":2147483647,\"value\":\"AQ==\"}"),
        undecodable("no base64", "\"title\":\"t\",\"n\":{\"scale\":2,\"value\":\"SECRET!\"}"),
        undecodable("no bytes", "\"title\":\"SECRET\",\"n\":{\"scale\":2,\"value\":\"\"}"),
        body(
            "date",
            utf8(
                """
                {"schema":{"fields":[{"field":"after","fields":[
                  {"field":"d","name":"io.debezium.time.Date"}]}]},
                 "payload":{"op":"c","after":{"id":1,"title":"SECRET","d":9999999999999},
                  "source":{"schema":"public","table":"nasty","lsn":LSN}}}""")));
  }

  private static List<Nasty> shapes() {
    var columns = new StringBuilder("\"title\":\"t\"");
    for (int i = 0; i < 5_000; i++) {
      columns.append(",\"c").append(i).append("\":").append(i);
    }
    return List.of(
        indexed("5,000 columns", columns.toString(), "Title: t"),
        indexed("twice", "\"title\":\"first\",\"title\":\"last\"", "Title: last"),
        indexed("90 deep", "\"title\":\"t\",\"n\":" + nested(90), "Title: t"),
        undecodable("200 deep", "\"title\":\"SECRET\",\"n\":" + nested(200)),
        undecodable("1,100 deep", "\"title\":\"SECRET\",\"n\":" + nested(1_100)),
        new Nasty(
            "a million tokens",
            Map.of(),
            event("1", "\"title\":\"SECRET\",\"n\":[" + "{},".repeat(500_000) + "0]", TABLE),
            null,
            RejectionReason.TOO_LARGE),
        body("cut off", utf8("{\"op\":\"c\",\"after\":{\"title\":\"SECRET")),
        body("a number", utf8("12345678901234567")),
        body("blanks", utf8(" ".repeat(50))),
        new Nasty("operation", Map.of(), utf8("{\"op\":1,\"after\":{\"id\":1}}"), null, null),
        new Nasty("null", Map.of(), utf8("null"), null, null));
  }

  private static List<Nasty> positions() {
    return List.of(
        source("times", "\"ts_ms\":9223372036854775807,\"ts_us\":-9223372036854775808"),
        source("time out of range", "\"ts_us\":9223372036854775807"),
        times("captured at the end of time", "253402128000000", "0"),
        times("captured before time began", "-62167219200000", "253402300799999"),
        times("captured beyond time", "9223372036854775807", "-9223372036854775808"),
        times("committed tomorrow", "1", String.valueOf(System.currentTimeMillis() + 86_400_000)),
        source("sequence is an object", "\"sequence\":{\"a\":1}"),
        source("sequence is no JSON", "\"sequence\":\"[[[\""),
        source("sequence has texts", "\"sequence\":\"[\\\"a\\\",\\\"b\\\"]\""),
        source("transaction", "\"txId\":1e999999999"));
  }

  /** Other databases' envelopes, of a table and a key that would do. */
  private static List<Nasty> foreign() {
    return List.of(
        body(
            "MongoDB",
            utf8(
                """
                {"op":"c","after":"{\\"_id\\":1,\\"id\\":1,\\"title\\":\\"SECRET\\"}",
                 "source":{"connector":"mongodb","db":"public","collection":"nasty","ord":LSN}}""")),
        body(
            "MongoDB without its connector",
            utf8(
                "{\"op\":\"c\",\"after\":\"{}\",\"source\":{\"collection\":\"nasty\",\"ord\":LSN}}")),
        body("MySQL", foreign("mysql")),
        body("Oracle", foreign("oracle")),
        body(
            "MySQL, flattened",
            utf8("{\"id\":1,\"title\":\"SECRET\",\"__op\":\"c\",\"__connector\":\"mysql\"}")),
        body(
            "MySQL's deletion",
            utf8(
                """
                {"op":"d","before":{"id":1,"title":"t"},
                 "source":{"connector":"mysql","db":"public","table":"nasty","pos":LSN}}""")));
  }

  private static byte[] foreign(String connector) {
    return utf8(
        """
        {"op":"c","after":{"id":1,"title":"SECRET"},
         "source":{"connector":"%s","db":"public","schema":"public","table":"nasty","pos":LSN}}"""
            .formatted(connector));
  }

  private static Nasty times(String name, String captured, String committed) {
    byte[] body =
        utf8(
            """
            {"op":"u","ts_ms":%s,"after":{"id":"%s","title":"t"},
             "source":{"schema":"public","table":"nasty","lsn":LSN,"ts_ms":%s}}"""
                .formatted(captured, name, committed));
    return new Nasty(name, Map.of(), body, "Title: t", null);
  }

  private static Nasty source(String name, String fields) {
    byte[] body =
        utf8(
            """
            {"op":"u","after":{"id":"%s","title":"t"},
             "source":{"schema":"public","table":"nasty","lsn":LSN,%s}}"""
                .formatted(name, fields));
    return new Nasty(name, Map.of(), body, "Title: t", null);
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }
}
