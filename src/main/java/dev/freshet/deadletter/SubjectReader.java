package dev.freshet.deadletter;

import dev.freshet.Defect;
import dev.freshet.changeevent.ChangeEvent.RowEvent;
import dev.freshet.changeevent.DecodedMessage;
import dev.freshet.changeevent.SourceName;
import dev.freshet.document.MessageReader;
import dev.freshet.feed.DeadLetter;
import org.jspecify.annotations.Nullable;

/** Reads what a dead letter is about, whatever is wrong with it. */
public final class SubjectReader {

  private static final Contents UNREADABLE = new Contents(Subject.UNKNOWN, null, SourceName.NONE);

  private final MessageReader reader;

  /**
   * What a message tells, as far as it can be read.
   *
   * @param txId the transaction that it is of; null where nothing tells
   * @param source whose it is
   */
  record Contents(Subject subject, @Nullable Long txId, SourceName source) {}

  public SubjectReader(MessageReader reader) {
    this.reader = reader;
  }

  /** The count of the source's restarts under which a message is read. */
  int sourceEpoch(DeadLetter letter) {
    return reader.sourceEpoch(letter.message());
  }

  /** Answers that nothing is known where nothing can be read, or the message is too large to. */
  Contents read(DeadLetter letter) {
    try {
      DecodedMessage decoded = reader.decode(letter.message(), letter.receivedAt());
      SourceName source = decoded.progress().source();
      return decoded.event() instanceof RowEvent row
          ? new Contents(subject(row), row.origin().txId(), source)
          : new Contents(Subject.UNKNOWN, null, source);
    } catch (Throwable e) {
      Defect.requireSurvivable(e);
      // That it cannot be read is why it is a dead letter, or becomes one.
      return UNREADABLE;
    }
  }

  private Subject subject(RowEvent row) {
    return new Subject(
        reader.documentTable(row.table()),
        reader.documentOf(row).orElse(null),
        row.operation().label(),
        row.origin().position());
  }
}
