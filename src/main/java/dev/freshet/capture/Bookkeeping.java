package dev.freshet.capture;

import dev.freshet.document.TableMappings;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.NoteLedger;
import dev.freshet.source.SourceOwnership;
import dev.freshet.source.postgresql.ClusterNote;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * What a capture has to know of the index that it feeds.
 *
 * @param isFed whether the index has a change of the source already, by whatever feed
 * @param followedFormerSource whether it has changes from before the source was restored or
 *     replaced
 */
record Bookkeeping(
    OffsetNote offset,
    GapNote gap,
    TablesNote tables,
    ClusterNote cluster,
    BooleanSupplier isFed,
    BooleanSupplier followedFormerSource,
    TableMappings mappings) {

  static Bookkeeping of(
      DocumentLedger ledger,
      SourceOwnership ownership,
      int epoch,
      String slot,
      TableMappings mappings) {
    NoteLedger notes = ledger.notes();
    // A place in the log of a former source says nothing of the present one's.
    String present = epoch == 0 ? slot : slot + "@" + epoch;
    return new Bookkeeping(
        new OffsetNote(notes, present),
        new GapNote(notes, slot),
        new TablesNote(notes, present),
        new ClusterNote(notes, "capture.cluster." + present),
        () -> ownership.owner(epoch).isPresent(),
        () -> IntStream.range(0, epoch).anyMatch(former -> ownership.owner(former).isPresent()),
        mappings);
  }
}
