package dev.freshet.support;

import dev.freshet.ledger.NoteLedger;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Notes that are forgotten with the process. */
public final class InMemoryNotes implements NoteLedger {

  private final Map<String, String> notes = new ConcurrentHashMap<>();

  @Override
  public Optional<String> read(String name) {
    return Optional.ofNullable(notes.get(name));
  }

  @Override
  public void write(String name, String text) {
    notes.put(name, text);
  }

  @Override
  public String claim(String name, String text) {
    return notes.computeIfAbsent(name, absent -> text);
  }

  public void clear() {
    notes.clear();
  }
}
