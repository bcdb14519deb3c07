package dev.freshet.changeevent;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads how far a message shows the source's stream to be. Debezium streams transactions in the
 * order of their commits, so all that was committed up to {@code s0}, the end of the commit before,
 * and up to {@code s1}, the event's own LSN, was sent before the event: its own transaction is
 * committed after both.
 *
 * <p>A snapshot's reads, and what may be one, are not in that order. The last one of a whole
 * snapshot proves what the snapshot saw; one with {@code s0} was sent between two transactions.
 */
final class ProgressDecoder {

  /** {@code txId:lsn}; no log is so long that its LSN has more digits. */
  private static final Pattern TRANSACTION = Pattern.compile("[0-9]{1,20}:([0-9]{1,18})");

  private static final String HEARTBEAT = "__debezium-heartbeat.";

  private final int epoch;

  ProgressDecoder(int epoch) {
    this.epoch = epoch;
  }

  SourceProgress decode(RawChange change, Origin origin) {
    JsonNode source = change.source();
    return new SourceProgress(
        new SourceName(source.path("name").asText(""), source.path("db").asText("")),
        origin.position() instanceof WalPosition position
            ? proof(change, position).map(this::at).orElse(null)
            : null,
        origin.committedAt());
  }

  private static Optional<Lsn> proof(RawChange change, WalPosition position) {
    boolean streamed = !position.snapshot() && !change.operation().equals(RawChange.UNSTATED);
    if (streamed) {
      return Optional.of(position.committedBefore());
    }
    JsonNode source = change.source();
    if (position.lastCommit() != null && source.hasNonNull("sequence")) {
      return Optional.of(position.lastCommit());
    }
    return source.path("snapshot").asText().equals("last") && source.hasNonNull("sequence")
        ? Optional.of(position.lsn())
        : Optional.empty();
  }

  /**
   * Of a transaction's end, whose LSN is that of the commit's own end, or a heartbeat. Their bodies
   * name no source, but their topics do: {@code <topic.prefix>.transaction}, {@code
   * __debezium-heartbeat.<topic.prefix>}.
   */
  SourceProgress ofMarker(JsonNode content, String routingKey) {
    var source = new SourceName(connector(routingKey), "");
    var id = TRANSACTION.matcher(content.path("id").asText());
    return content.path("status").asText().equals("END") && id.matches()
        ? new SourceProgress(source, at(Lsn.parse(id.group(1))), null)
        : new SourceProgress(source, null, null);
  }

  private static String connector(String routingKey) {
    if (routingKey.startsWith(HEARTBEAT)) {
      return routingKey.substring(HEARTBEAT.length());
    }
    int dot = routingKey.lastIndexOf('.');
    return dot < 0 ? "" : routingKey.substring(0, dot);
  }

  private CommitPosition at(Lsn lsn) {
    return new CommitPosition(epoch, lsn);
  }
}
