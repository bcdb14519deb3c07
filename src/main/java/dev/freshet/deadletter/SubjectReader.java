package dev.freshet.deadletter;

import dev.freshet.Defect;
import dev.freshet.changeevent.ChangeEvent;
import dev.freshet.changeevent.ChangeEvent.RowDeleted;
import dev.freshet.changeevent.ChangeEvent.RowUpserted;
import dev.freshet.changeevent.ChangeEvent.TableTruncated;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.TableId;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.indexing.MessageReader;
import java.time.Instant;

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
