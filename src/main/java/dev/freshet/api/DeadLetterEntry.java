package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.deadletter.DeadLetterSummary;
import dev.freshet.document.DocumentId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A dead letter as it is listed: without any column's value but the key's. */
@JsonInclude(JsonInclude.Include.ALWAYS)
@Schema(name = "DeadLetter", description = "A dead letter, without its body.")
record DeadLetterEntry(
    @Schema(description = "Names it for as long as it is a dead letter.") String id,
    @Schema(description = "Null where the message cannot be read.", example = "public.products")
        @Nullable String table,
    @Schema(description = "The key columns' values, joined with `,`.", example = "42")
        @Nullable String key,
    @Schema(description = "`upsert`, `delete` or `truncate`; null where it cannot be read.")
        @Nullable String operation,
    @Schema(description = "Where the change stands among those of its row, as in `/documents`.")
        @Nullable String position,
    @Schema(description = "The change's LSN.", example = "0/16B3748") @Nullable String lsn,
    @Schema(
            description =
                "Freshet's word; `delivery-limit`, `expired`, `max-length` or `rejected` where RabbitMQ"
                    + " put the message there itself; or `unknown`.",
            example = "missing-column")
        String reason,
    @Schema(description = "What is wrong and how to mend it.") @Nullable String detail,
    @Schema(description = "When it was given up.") @Nullable Instant failedAt,
    @Schema(description = "When it first arrived, as far as that is known.") Instant receivedAt,
    @Schema(description = "The routing key that it was published with.") String routingKey,
    @Schema(description = "The length of its body.") long bytes) {

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
