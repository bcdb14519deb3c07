package dev.freshet.client;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for: a position, or a document with or without a transaction.
 *
 * @param lsn null where a document is waited for
 * @param table null where a position is waited for
 * @param key null where a position is waited for
 * @param txId null where any version of the document does
 */
record AwaitArguments(
    String url,
    @Nullable String lsn,
    @Nullable String table,
    @Nullable String key,
    @Nullable String txId,
    Duration timeout,
    @Nullable String apiKey) {

  private static final List<String> NAMES =
      List.of("--url", "--lsn", "--table", "--key", "--tx", "--timeout", "--api-key");

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m)");

  AwaitArguments {
    boolean document = table != null && key != null;
    if ((lsn == null) != document || (table == null) != (key == null)) {
      throw new IllegalArgumentException("give either --lsn, or --table and --key");
    }
    if (txId != null && !document) {
      throw new IllegalArgumentException("--tx is a document's: give --table and --key as well");
    }
  }

  /**
   * Reads the command line.
   *
   * @param apiKey from the environment, where it has one
   * @throws IllegalArgumentException that says what is wrong
   */
  static AwaitArguments parse(List<String> arguments, @Nullable String apiKey) {
    Map<String, String> values = values(arguments.iterator());
    return new AwaitArguments(
        values.getOrDefault("--url", "http://localhost:8080"),
        values.get("--lsn"),
        values.get("--table"),
        values.get("--key"),
        values.get("--tx"),
        duration(values.getOrDefault("--timeout", "30s")),
        values.getOrDefault("--api-key", apiKey));
  }

  private static Map<String, String> values(Iterator<String> arguments) {
    var values = new TreeMap<String, String>();
    while (arguments.hasNext()) {
      String argument = arguments.next();
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      if (!NAMES.contains(name)) {
        throw new IllegalArgumentException("there is no option '" + name + "'");
      }
      if (equals < 0 && !arguments.hasNext()) {
        throw new IllegalArgumentException(name + " lacks its value");
      }
      String value = equals < 0 ? arguments.next() : argument.substring(equals + 1);
      if (value.isEmpty()) {
        throw new IllegalArgumentException(name + " is empty");
      }
      if (values.put(name, value) != null) {
        throw new IllegalArgumentException(name + " is given twice");
      }
    }
    return values;
  }

  private static Duration duration(String text) {
    var parts = DURATION.matcher(text.toLowerCase(Locale.ROOT));
    if (!parts.matches()) {
      throw new IllegalArgumentException("--timeout needs its unit, as in 500ms, 30s or 5m");
    }
    long amount = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      default -> Duration.ofMinutes(amount);
    };
  }

  /** Without the key, so that it can be logged. */
  @Override
  public String toString() {
    return "AwaitArguments[url=" + url + ", timeout=" + timeout + "]";
  }
}
