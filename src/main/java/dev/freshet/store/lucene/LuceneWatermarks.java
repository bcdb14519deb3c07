package dev.freshet.store.lucene;

import dev.freshet.changeevent.CommitPosition;
import dev.freshet.changeevent.Lsn;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.Watermark;
import dev.freshet.ledger.WatermarkLedger;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.lucene.search.IndexSearcher;

/** The watermark beside the index's commits. One process uses the folder, so nobody else lives. */
final class LuceneWatermarks implements WatermarkLedger {

  private static final String KEY = "freshet.watermark.";

  private final IndexFolder folder;

  LuceneWatermarks(IndexFolder folder) {
    this.folder = folder;
  }

  @Override
  public Optional<Watermark> watermark(int epoch) {
    return folder.ask(committed -> read(committed, epoch));
  }

  private static Optional<Watermark> read(IndexSearcher committed, int epoch) throws IOException {
    return CommitTexts.read(committed, KEY + epoch).map(text -> parse(epoch, text));
  }

  /** The LSN and, where it is known, the time of the commit. */
  private static Watermark parse(int epoch, String text) {
    String[] parts = text.split(" ", -1);
    return new Watermark(
        new CommitPosition(epoch, Lsn.parse(parts[0])),
        parts.length == 1 ? null : Instant.parse(parts[1]));
  }

  private static String format(Watermark watermark) {
    return watermark.position().lsn()
        + (watermark.commitTime() == null ? "" : " " + watermark.commitTime());
  }

  @Override
  public Optional<Watermark> raiseAlone(UUID instance, Watermark watermark) {
    return Optional.of(raise(watermark));
  }

  @Override
  public Watermark raise(Watermark watermark) {
    int epoch = watermark.position().epoch();
    var raised = new Watermark[] {watermark};
    try {
      folder.commit(
          committed -> {
            raised[0] = read(committed, epoch).map(watermark::max).orElse(watermark);
            return writer -> CommitTexts.write(writer, KEY + epoch, format(raised[0]));
          });
    } catch (ConcurrentUpdateException e) {
      throw new IllegalStateException("a watermark compares no revision", e);
    }
    return raised[0];
  }

  @Override
  public List<InstanceReport> report(InstanceReport own, Duration lease) {
    return List.of();
  }

  @Override
  public void withdraw(UUID instance) {}
}
