package dev.freshet.support;

import dev.freshet.ledger.DeadLetterLedger;
import java.util.Optional;
import java.util.TreeMap;

/** Dead letters that are forgotten with the process. */
public final class InMemoryDeadLetterLedger implements DeadLetterLedger {

  private final TreeMap<Long, String> letters = new TreeMap<>();
  private long last;

  @Override
  public synchronized void append(String letter) {
    letters.put(++last, letter);
  }

  @Override
  public synchronized Optional<KeptLetter> firstAfter(long place) {
    return Optional.ofNullable(letters.higherEntry(place))
        .map(entry -> new KeptLetter(entry.getKey(), entry.getValue()));
  }

  @Override
  public synchronized boolean remove(long place) {
    return letters.remove(place) != null;
  }

  @Override
  public synchronized boolean replace(long place, String letter) {
    boolean found = remove(place);
    if (found) {
      append(letter);
    }
    return found;
  }

  @Override
  public synchronized long count() {
    return letters.size();
  }
}
