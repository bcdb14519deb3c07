package dev.freshet.deadletter;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.feed.DeadLetter;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are meant: those that fit everything that is said.
 *
 * @param table null for any, those without one included
 * @param key as {@link DocumentId#joinedKey} has it; null for any
 * @param reason null for any
 * @param id null for any
 */
public record Selection(
    @Nullable TableId table, @Nullable String key, @Nullable String reason, @Nullable String id) {

  static Selection ofId(String id) {
    return new Selection(null, null, null, id);
  }

  boolean matches(DeadLetter letter, Subject subject) {
    return (table == null || table.equals(subject.table()))
        && (key == null || hasKey(subject.document()))
        && (reason == null || word(reason).equals(letter.reason()))
        && (id == null || id.equals(letter.id()));
  }

  /** Dead letters that RabbitMQ made had its own word before Freshet had one. */
  private static String word(String reason) {
    return reason.equals("maxlen")
        ? RejectionReason.MAX_LENGTH.label()
        : reason.equals("delivery_limit") ? RejectionReason.DELIVERY_LIMIT.label() : reason;
  }

  private boolean hasKey(@Nullable DocumentId document) {
    return document != null && document.joinedKey().equals(key);
  }
}
