package dev.freshet.client;

import java.time.Duration;
import java.util.Locale;
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
    @Nullable String lsn,
    @Nullable String table,
    @Nullable String key,
    @Nullable String txId,
    Duration timeout) {

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m)");
  private static final Pattern LSN =
      Pattern.compile("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}|[0-9]{1,20}");
  private static final Pattern TRANSACTION = Pattern.compile("[0-9]{1,20}");
  private static final Pattern TABLE = Pattern.compile("[^.]+\\..+");

  AwaitArguments {
    boolean document = table != null && key != null;
    if ((lsn == null) != document || (table == null) != (key == null)) {
      throw new IllegalArgumentException("give either --lsn, or --table and --key");
    }
    if (txId != null && !document) {
      throw new IllegalArgumentException("--tx is a document's: give --table and --key as well");
    }
    require("--lsn", lsn, LSN, "an LSN: write it as 0/16B3748 or as a decimal number");
    require("--tx", txId, TRANSACTION, "a transaction: write what pg_current_xact_id() answers");
    require("--table", table, TABLE, "a table: write it with its schema, as in public.products");
    requireGiven("--key", key);
  }

  private static void require(
      String option, @Nullable String value, Pattern form, String otherwise) {
    requireGiven(option, value);
    if (value != null && !form.matcher(value).matches()) {
      throw new IllegalArgumentException(option + ": '" + value + "' is not " + otherwise);
    }
  }

  private static void requireGiven(String option, @Nullable String value) {
    if (value != null && value.isEmpty()) {
      throw new IllegalArgumentException(option + " is empty");
    }
  }

  /**
   * Reads the options.
   *
   * @throws IllegalArgumentException that says what is wrong
   */
  static AwaitArguments of(
      @Nullable String lsn,
      @Nullable String table,
      @Nullable String key,
      @Nullable String txId,
      String timeout) {
    return new AwaitArguments(lsn, table, key, txId, duration(timeout));
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
}
