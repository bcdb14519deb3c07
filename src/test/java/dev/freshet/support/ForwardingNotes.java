package dev.freshet.support;

import dev.freshet.ledger.NoteLedger;
import java.util.Optional;
import java.util.SortedMap;

/** Passes each call to other notes; a test overrides what it wants otherwise. */
public class ForwardingNotes implements NoteLedger {

  private final NoteLedger notes;

  public ForwardingNotes(NoteLedger notes) {
    this.notes = notes;
  }

  @Override
  public Optional<String> read(String name) {
    return notes.read(name);
  }

  @Override
  public void write(String name, String text) {
    notes.write(name, text);
  }

  @Override
  public String claim(String name, String text) {
    return notes.claim(name, text);
  }

  @Override
  public boolean replace(String name, String expected, String text) {
    return notes.replace(name, expected, text);
  }

  @Override
  public void remove(String name) {
    notes.remove(name);
  }

  @Override
  public SortedMap<String, String> startingWith(String prefix) {
    return notes.startingWith(prefix);
  }
}
