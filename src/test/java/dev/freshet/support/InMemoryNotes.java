package dev.freshet.support;

import dev.freshet.ledger.NoteLedger;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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
    var some = new TreeMap<>(notes);
    some.keySet().removeIf(name -> !name.startsWith(prefix));
    return some;
  }

  public void clear() {
    notes.clear();
  }
}
