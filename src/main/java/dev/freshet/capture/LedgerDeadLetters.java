package dev.freshet.capture;

import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.DeadLetter;
import dev.freshet.feed.DeadLetterBrowser;
import dev.freshet.feed.DeadLetters;
import dev.freshet.feed.Rejection;
import dev.freshet.ledger.DeadLetterLedger;
import dev.freshet.ledger.DeadLetterLedger.KeptLetter;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Dead letters in the ledger. Those in hand are hidden from the other calls of this process;
 * another process may take one too, and then one of the two removes or replaces it.
 */
final class LedgerDeadLetters implements DeadLetters {

  private final DeadLetterLedger ledger;
  private final Set<Long> inHand = ConcurrentHashMap.newKeySet();

  LedgerDeadLetters(DeadLetterLedger ledger) {
    this.ledger = ledger;
  }

  /**
   * Keeps a dead letter behind all others.
   *
   * @throws dev.freshet.UnavailableException when the ledger does not take it now
   */
  void add(DeadLetter letter) {
    ledger.append(LetterJson.format(letter));
  }

  @Override
  public void add(ChangeMessage message, Instant receivedAt, Rejection rejection) {
    add(DeadLetter.of(message, receivedAt, rejection));
  }

  @Override
  public DeadLetterBrowser open() {
    return new Browser();
  }

  @Override
  public long count() {
    return ledger.count();
  }

  private final class Browser implements DeadLetterBrowser {

    private final Map<String, Long> mine = new HashMap<>();
    private long last;

    @Override
    public Optional<DeadLetter> next() {
      Optional<KeptLetter> next = ledger.firstAfter(last);
      while (next.isPresent()) {
        KeptLetter kept = next.get();
        last = kept.place();
        if (inHand.add(kept.place())) {
          DeadLetter letter = LetterJson.parse(kept.letter());
          mine.put(letter.id(), kept.place());
          return Optional.of(letter);
        }
        next = ledger.firstAfter(last);
      }
      return Optional.empty();
    }

    @Override
    public void remove(DeadLetter letter) {
      Long place = mine.get(letter.id());
      if (place != null) {
        ledger.remove(place);
        letGo(letter, place);
      }
    }

    @Override
    public void replace(DeadLetter letter, Rejection rejection) {
      Long place = mine.get(letter.id());
      if (place != null) {
        ledger.replace(place, LetterJson.format(letter.rejectedAgain(rejection)));
        letGo(letter, place);
      }
    }

    private void letGo(DeadLetter letter, Long place) {
      mine.remove(letter.id());
      inHand.remove(place);
    }

    @Override
    public void close() {
      mine.values().forEach(inHand::remove);
      mine.clear();
    }
  }
}
