package dev.freshet.deadletter;

import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.feed.DeadLetter;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as it is listed: without its body and headers, which may hold any column's value,
 * and as texts.
 *
 * @param key as {@link DocumentId#joinedKey} has it
 * @param lsn null also where the position has none
 * @param bytes the length of the body
 * @see DeadLetter
 * @see Subject
 */
public record DeadLetterSummary(
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

  public static DeadLetterSummary of(DeadLetter letter, Subject subject) {
    Optional<Position> position = Optional.ofNullable(subject.position());
    return new DeadLetterSummary(
        letter.id(),
        Optional.ofNullable(subject.table()).map(TableId::toString).orElse(null),
        Optional.ofNullable(subject.document()).map(DocumentId::joinedKey).orElse(null),
        subject.operation(),
        position.map(Position::sortKey).orElse(null),
        position.flatMap(Lsn::of).map(Lsn::toString).orElse(null),
        letter.reason(),
        letter.detail(),
        letter.failedAt(),
        letter.receivedAt(),
        letter.message().routingKey(),
        letter.message().body().length);
  }
}
