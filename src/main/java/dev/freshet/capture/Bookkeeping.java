package dev.freshet.capture;

import dev.freshet.document.TableMappings;
import dev.freshet.ledger.NoteLedger;

/** What a capture has to know of the index that it feeds. */
record Bookkeeping(OffsetNote offset, GapNote gap, TablesNote tables, TableMappings mappings) {

  static Bookkeeping of(NoteLedger notes, String slot, TableMappings mappings) {
    return new Bookkeeping(
        new OffsetNote(notes, slot),
        new GapNote(notes, slot),
        new TablesNote(notes, slot),
        mappings);
  }
}
