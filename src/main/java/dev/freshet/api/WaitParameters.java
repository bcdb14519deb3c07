package dev.freshet.api;

import dev.freshet.changeevent.Lsn;
import dev.freshet.freshness.FreshnessConfiguration;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads from the query parameters what an answer has to wait for. */
@Singleton
final class WaitParameters {

  static final String MIN_LSN =
      "Wait until everything that was committed before this position is searchable: what"
          + " `pg_current_wal_lsn()` answered after the commit, as `0/16B3748` or as a number.";

  static final String TIMEOUT =
      "How long to wait at most, as `500ms`, `5s` or `1m`; by default `freshet.freshness.timeout`.";

  static final String STALE =
      "What to do when the time is up: `refuse` with 504, or `allow` to answer with what there is.";

  static final String TX_ID =
      "Wait until this transaction's change of the document is searchable or was dead-lettered:"
          + " what `pg_current_xact_id()` answered inside the transaction. A row of a table without"
          + " a mapping is answered at once, as `ignored`.";

  static final List<String> NAMES = List.of("minLsn", "timeout", "stale");

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m)");

  /**
   * A full transaction id counts the wraparounds above these bits, and Debezium sends only these.
   */
  private static final long TRANSACTION_BITS = 0xFFFF_FFFFL;

  private enum Stale {
    REFUSE,
    ALLOW
  }

  private final FreshnessConfiguration configuration;

  WaitParameters(FreshnessConfiguration configuration) {
    this.configuration = configuration;
  }

  /** Reads what a search waits for. */
  WaitRequest read(QueryParameters parameters) {
    return read(parameters, null);
  }

  /** Reads what the answer on one document waits for. */
  WaitRequest readOfDocument(QueryParameters parameters) {
    return read(parameters, parameters.text("txId").map(WaitParameters::transaction).orElse(null));
  }

  private WaitRequest read(QueryParameters parameters, @Nullable Long transaction) {
    Lsn lsn =
        parameters
            .text("minLsn")
            .map(text -> QueryParameters.read("minLsn", () -> Lsn.parse(text)))
            .orElse(null);
    return new WaitRequest(
        lsn,
        transaction,
        parameters.text("timeout").map(this::timeout).orElse(configuration.timeout()),
        parameters.choice("stale", Stale.class, Stale.REFUSE) == Stale.ALLOW);
  }

  private static Long transaction(String text) {
    try {
      return Long.parseUnsignedLong(text) & TRANSACTION_BITS;
    } catch (NumberFormatException e) {
      throw QueryParameters.bad(
          "txId", "'txId' must be what pg_current_xact_id() answers, as in txId=742");
    }
  }

  private Duration timeout(String text) {
    var parts = DURATION.matcher(text.toLowerCase(Locale.ROOT));
    if (!parts.matches()) {
      throw QueryParameters.bad("timeout", "'timeout' needs its unit, as in 500ms, 5s or 1m");
    }
    long amount = Long.parseLong(parts.group(1));
    Duration timeout =
        switch (parts.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          default -> Duration.ofMinutes(amount);
        };
    if (timeout.compareTo(configuration.maxTimeout()) > 0) {
      throw QueryParameters.bad(
          "timeout",
          "'timeout' is longer than freshet.freshness.max-timeout allows, which is %d ms"
              .formatted(configuration.maxTimeout().toMillis()));
    }
    return timeout;
  }
}
