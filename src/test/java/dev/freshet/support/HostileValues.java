package dev.freshet.support;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/** What breaks programs, as JSON texts, some of them no JSON at all. */
public final class HostileValues {

  private static final String REPLACED_BY_A_LARGE_VALUE = "__debezium_unavailable_value";

  /** Names of fields, tables and columns. */
  public static final List<String> NAMES =
      List.of(
          "",
          " ",
          "\0",
          "a\0b",
          "\ud800",
          "a\udc00b",
          "n".repeat(3_000),
          "n".repeat(49_000),
          "n".repeat(60_000),
          "id",
          "title",
          "op",
          "after",
          "schema",
          "__op",
          "__deleted",
          "__proto__",
          "freshet_document_id",
          "a.b",
          "a/b",
          "a\\b",
          "a,b",
          "'; DROP TABLE freshet_document; --",
          "{title}",
          "$1\\0",
          "\u202etxet",
          "line\nbreak");

  /** Routing keys. */
  public static final List<String> ROUTING_KEYS =
      List.of(
          "",
          ".",
          "..",
          "a.",
          ".b",
          "public.products",
          "x.y.public.products",
          "public.\0",
          "public.\ud800",
          "public.a/b",
          "public." + "t".repeat(5_000),
          "__debezium-heartbeat.db",
          "public.'; DROP TABLE freshet_document; --",
          "public.line\nbreak");

  /** Of a few characters. */
  public static final List<String> SMALL = small();

  /** Of many. */
  public static final List<String> LARGE = large();

  private HostileValues() {}

  private static List<String> small() {
    var values = new ArrayList<>(List.of("null", "true", "false", "{}", "[]", "\"\"", "[[]]"));
    values.addAll(
        List.of(
            "0",
            "-0",
            "-1",
            "1.10",
            "1e5",
            "1e400",
            "-1e400",
            "1e-400",
            "1e5000",
            "1e200000",
            "1e999999999",
            "-1e999999999",
            "1e-999999999",
            "1e2147483647",
            "1000e2147483647",
            "1e99999999999",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "18446744073709551616",
            "NaN",
            "Infinity",
            "01",
            "0x10"));
    values.addAll(
        List.of(
            quoted("\\u0000"),
            quoted("a\\u0000b"),
            quoted("\\ud800"),
            quoted("a\\udc00b"),
            quoted("\\ud83d\\ude00"),
            quoted("\\u202etxet\\u202c"),
            quoted("\\ufffe\\uffff"),
            quoted("\ud800"),
            quoted("\0"),
            quoted("\\n\\r\\t\\u0085\\u2028"),
            quoted("a/b"),
            quoted("a,b\\\\"),
            quoted("'; DROP TABLE freshet_document; --"),
            quoted("{title}"),
            quoted("$1\\\\0"),
            quoted("%00%n%s"),
            quoted("NaN"),
            quoted("infinity"),
            quoted("-1"),
            quoted("99999999999999999999"),
            quoted("0/16B3748"),
            quoted("9999-99-99"),
            quoted("!!! no base64"),
            quoted("AQ=="),
            quoted("="),
            "\"open",
            "{\"open\":"));
    values.addAll(
        List.of(
            "[\"1\"]",
            "[1,2,3]",
            "[null,null]",
            "{\"\":{}}",
            "{\"a\":1,\"a\":2}",
            quoted("[\\\"1\\\",\\\"2\\\"]"),
            quoted("[null,\\\"-5\\\"]"),
            quoted("[[[[")));
    for (String scale : List.of("2", "-131072", "131072", "2147483647", "-2147483648", "1e9")) {
      values.add("{\"scale\":" + scale + ",\"value\":\"AQ==\"}");
    }
    values.add("{\"scale\":2,\"value\":\"\"}");
    values.add("{\"scale\":2,\"value\":\"!!!\"}");
    values.add(quoted(REPLACED_BY_A_LARGE_VALUE));
    values.add("[" + quoted(REPLACED_BY_A_LARGE_VALUE) + "]");
    for (String operation : List.of("c", "u", "r", "d", "t", "m", "x")) {
      values.add(quoted(operation));
    }
    return List.copyOf(values);
  }

  private static List<String> large() {
    var noise = new byte[20_000];
    new Random(1).nextBytes(noise);
    var columns = new StringBuilder("{\"c\":0");
    for (int i = 0; i < 5_000; i++) {
      columns.append(",\"c").append(i).append("\":").append(i);
    }
    return List.of(
        "9".repeat(999),
        "9".repeat(1_001),
        "0." + "1".repeat(990),
        quoted("k".repeat(40_000)),
        quoted(Base64.getEncoder().encodeToString(noise)),
        quoted("\u0301".repeat(40_000)),
        quoted("\\u0000".repeat(10_000)),
        quoted("wort ".repeat(10_000)),
        "{\"scale\":0,\"value\":\"" + Base64.getEncoder().encodeToString(noise) + "\"}",
        "{\"scale\":90000,\"value\":\"" + Base64.getEncoder().encodeToString(noise) + "\"}",
        nested(200),
        nested(600),
        nested(990),
        nested(1_100),
        "{\"a\":".repeat(450) + "1" + "}".repeat(450),
        "{\"type\":\"array\",\"items\":".repeat(400) + "{}" + "}".repeat(400),
        "[" + "1,".repeat(5_000) + "1]",
        columns.append('}').toString());
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }
}
