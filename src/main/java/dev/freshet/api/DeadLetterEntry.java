package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.deadletter.DeadLetterSummary;
import dev.freshet.document.DocumentId;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A dead letter as it is listed: without any column's value but the key's. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record DeadLetterEntry(
    String id,
    @Nullable String table,
    @Nullable String key,
    @Nullable String operation,
    @Nullable String position,
    @Nullable String lsn,
    String reason,
    @Nullable String detail,
    @Nullable Instant failedAt,
    Instant receivedAt,
    String routingKey,
    long bytes) {

  static DeadLetterEntry of(DeadLetterSummary summary) {
    Optional<DocumentId> document = Optional.ofNullable(summary.subject().document());
    Optional<Position> position = Optional.ofNullable(summary.subject().position());
    return new DeadLetterEntry(
        summary.id(),
        Optional.ofNullable(summary.subject().table()).map(TableId::toString).orElse(null),
        document.map(DocumentId::joinedKey).orElse(null),
        summary.subject().operation(),
        position.map(Position::sortKey).orElse(null),
        position.map(DocumentStatus::lsn).orElse(null),
        summary.reason(),
        summary.detail(),
        summary.failedAt(),
        summary.receivedAt(),
        summary.routingKey(),
        summary.bytes());
  }
}
