package dev.freshet.capture;

import dev.freshet.ledger.NoteLedger;
import java.util.Optional;

/** That changes may be missing, until those who tell of it have noted it. */
final class GapNote {

  private final NoteLedger notes;
  private final String name;

  GapNote(NoteLedger notes, String slot) {
    this.notes = notes;
    this.name = "capture.gap." + slot;
  }

  Optional<String> read() {
    return notes.read(name).filter(text -> !text.isEmpty());
  }

  void write(String why) {
    notes.write(name, why);
  }

  void clear() {
    notes.write(name, "");
  }
}
