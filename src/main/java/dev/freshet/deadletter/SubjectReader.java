package dev.freshet.deadletter;

import dev.freshet.Defect;
import dev.freshet.changeevent.ChangeEvent;
import dev.freshet.changeevent.ChangeEvent.RowEvent;
import dev.freshet.changeevent.SourceName;
import dev.freshet.document.MessageReader;
import dev.freshet.feed.ChangeMessage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads what a message is about, whatever is wrong with it. */
public final class SubjectReader {

  private final MessageReader reader;

  public SubjectReader(MessageReader reader) {
    this.reader = reader;
  }

  /** The count of the source's restarts under which a message is read. */
  int sourceEpoch(ChangeMessage message) {
    return reader.sourceEpoch(message);
  }

  /** Answers {@link Subject#UNKNOWN} where nothing can be read, or the message is too large to. */
  Subject read(ChangeMessage message, Instant receivedAt) {
    try {
      return subject(reader.event(message, receivedAt));
    } catch (Throwable e) {
      Defect.requireSurvivable(e);
      // That it cannot be read is why it is a dead letter, or becomes one.
      return Subject.UNKNOWN;
    }
  }

  /** The transaction that a message is of; null where nothing tells. */
  @Nullable Long transaction(ChangeMessage message, Instant receivedAt) {
    try {
      ChangeEvent event = reader.event(message, receivedAt);
      return event instanceof RowEvent row ? row.origin().txId() : null;
    } catch (Throwable e) {
      Defect.requireSurvivable(e);
      return null;
    }
  }

  /** Whose a message is, as far as it can be read. */
  SourceName source(ChangeMessage message, Instant receivedAt) {
    try {
      return reader.read(message, receivedAt).progress().source();
    } catch (Throwable e) {
      Defect.requireSurvivable(e);
      return SourceName.NONE;
    }
  }

  private Subject subject(ChangeEvent event) {
    return event instanceof RowEvent row
        ? new Subject(
            reader.documentTable(row.table()),
            reader.documentOf(row).orElse(null),
            row.operation().label(),
            row.origin().position())
        : Subject.UNKNOWN;
  }
}
