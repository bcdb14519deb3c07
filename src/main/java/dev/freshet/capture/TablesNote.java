package dev.freshet.capture;

import dev.freshet.changeevent.TableId;
import dev.freshet.ledger.NoteLedger;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which tables' rows were read, or are being read. */
final class TablesNote {

  private final NoteLedger notes;
  private final String name;

  TablesNote(NoteLedger notes, String slot) {
    this.notes = notes;
    this.name = "capture.tables." + slot;
  }

  /** Empty where nothing was read yet. */
  Set<TableId> read() {
    return notes
        .read(name)
        .map(
            text -> text.lines().map(TableId::parse).collect(Collectors.toCollection(TreeSet::new)))
        .orElseGet(TreeSet::new);
  }

  void write(Collection<TableId> tables) {
    String text = tables.stream().sorted().map(TableId::toString).collect(Collectors.joining("\n"));
    if (!notes.read(name).map(text::equals).orElse(false)) {
      notes.write(name, text);
    }
  }
}
