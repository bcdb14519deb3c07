package dev.freshet.deadletter;

import dev.freshet.Defect;
import dev.freshet.changeevent.ChangeEvent;
import dev.freshet.changeevent.ChangeEvent.RowDeleted;
import dev.freshet.changeevent.ChangeEvent.RowUpserted;
import dev.freshet.changeevent.ChangeEvent.TableTruncated;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.SourceName;
import dev.freshet.changeevent.TableId;
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
      if (event instanceof RowUpserted upserted) {
        return upserted.origin().txId();
      }
      return event instanceof RowDeleted deleted ? deleted.origin().txId() : null;
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
    if (event instanceof RowUpserted upserted) {
      return subject(event, upserted.table(), "upsert", upserted.origin());
    }
    if (event instanceof RowDeleted deleted) {
      return subject(event, deleted.table(), "delete", deleted.origin());
    }
    if (event instanceof TableTruncated truncated) {
      return subject(event, truncated.table(), "truncate", truncated.origin());
    }
    return Subject.UNKNOWN;
  }

  private Subject subject(ChangeEvent event, TableId table, String operation, Origin origin) {
    return new Subject(
        reader.documentTable(table),
        reader.documentOf(event).orElse(null),
        operation,
        origin.position());
  }
}
