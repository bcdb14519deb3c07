package dev.freshet.capture;

import dev.freshet.document.TableMappings;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.NoteLedger;
import dev.freshet.source.SourceOwnership;
import java.util.function.BooleanSupplier;

/**
 * What a capture has to know of the index that it feeds.
 *
 * @param isFed whether the index has a change of the source already, by whatever feed
 */
record Bookkeeping(
    OffsetNote offset,
    GapNote gap,
    TablesNote tables,
    BooleanSupplier isFed,
    TableMappings mappings) {

  static Bookkeeping of(
      DocumentLedger ledger,
      SourceOwnership ownership,
      int epoch,
      String slot,
      TableMappings mappings) {
    NoteLedger notes = ledger.notes();
    return new Bookkeeping(
        new OffsetNote(notes, slot),
        new GapNote(notes, slot),
        new TablesNote(notes, slot),
        () -> ownership.owner(epoch).isPresent(),
        mappings);
  }
}
