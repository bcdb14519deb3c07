package dev.freshet.freshness;

import dev.freshet.feed.Loss;
import dev.freshet.ledger.NoteLedger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages that left the feed without a trace. The watermark is not exact from then on, over
 * restarts too, until somebody says that it is mended: what those messages said, only the source
 * knows.
 */
public final class Losses {

  private static final Logger LOG = LoggerFactory.getLogger(Losses.class);
  private static final String NOTE = "feed.losses";
  private static final String MEND = "; then say so by DELETE /freshness/losses";

  private final NoteLedger notes;
  private volatile Optional<Loss> known = Optional.empty();
  private volatile boolean loaded;

  public Losses(NoteLedger notes) {
    this.notes = notes;
  }

  /**
   * Reads what any instance noted.
   *
   * @throws dev.freshet.UnavailableException when the ledger does not answer now
   */
  public void refresh() {
    known = notes.read(NOTE).flatMap(Losses::parse);
    loaded = true;
  }

  /** Notes losses beside those that are known: their count, the first time, and the newest way. */
  public synchronized void add(List<Loss> losses) {
    refresh();
    Optional<Loss> all = known;
    for (Loss loss : losses) {
      LOG.error("The watermark is not exact from now on: {}", loss.how());
      all =
          Optional.of(
              all.map(
                      former ->
                          new Loss(
                              former.messages() + loss.messages(), former.noticedAt(), loss.how()))
                  .orElse(loss));
    }
    write(all.map(Losses::format).orElse(""));
  }

  /** The losses are mended. */
  public synchronized void forget() {
    write("");
  }

  private void write(String text) {
    notes.write(NOTE, text);
    known = parse(text);
  }

  public Optional<Loss> known() {
    return known;
  }

  /**
   * What is lost and what helps.
   *
   * @throws dev.freshet.UnavailableException when it was never read, and cannot be now
   */
  public Optional<String> sentence() {
    if (!loaded) {
      refresh();
    }
    return known.map(loss -> "since %s: %s%s".formatted(loss.noticedAt(), loss.how(), MEND));
  }

  private static String format(Loss loss) {
    return loss.messages() + " " + loss.noticedAt() + " " + loss.how();
  }

  private static Optional<Loss> parse(String text) {
    String[] parts = text.split(" ", 3);
    try {
      return text.isEmpty()
          ? Optional.empty()
          : Optional.of(new Loss(Long.parseLong(parts[0]), Instant.parse(parts[1]), parts[2]));
    } catch (DateTimeException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return Optional.of(new Loss(0, Instant.EPOCH, text));
    }
  }
}
