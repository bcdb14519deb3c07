package dev.freshet.support;

import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import dev.freshet.sink.IndexSink;
import dev.freshet.sink.Outcome;
import dev.freshet.sink.SinkStatus;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A sink that does what a test says, and remembers the batches. */
public final class ScriptedSink implements IndexSink {

  private final List<List<DocumentChange>> batches = new CopyOnWriteArrayList<>();
  private final Function<List<DocumentChange>, List<Outcome>> script;

  public ScriptedSink(Function<List<DocumentChange>, List<Outcome>> script) {
    this.script = script;
  }

  public static List<Outcome> each(List<DocumentChange> changes, Outcome outcome) {
    return Collections.nCopies(changes.size(), outcome);
  }

  public static DocumentChange delete(int key) {
    Lsn lsn = new Lsn(key + 1L);
    return new DocumentChange.Delete(
        DocumentId.of(TableId.parse("public.products"), String.valueOf(key)),
        false,
        new Origin(new WalPosition(0, lsn, false, lsn), null, null, null, Instant.EPOCH));
  }

  public List<List<DocumentChange>> batches() {
    return batches;
  }

  @Override
  public List<Outcome> apply(List<DocumentChange> changes) {
    batches.add(changes);
    return script.apply(changes);
  }

  @Override
  public SinkStatus status() {
    return new SinkStatus(true, "scripted");
  }

  @Override
  public void close() {}
}
