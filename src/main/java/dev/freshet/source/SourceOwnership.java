package dev.freshet.source;

import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.changeevent.SourceName;
import dev.freshet.ledger.NoteLedger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which source an index belongs to: the first that came. Positions of two sources cannot be
 * compared, so what another one sends changes nothing. The owner is remembered across restarts, and
 * several instances agree on it. A raised {@code freshet.source-epoch} begins with none.
 *
 * <p>Calls that need the ledger throw {@link dev.freshet.UnavailableException} while it does not
 * answer.
 */
public final class SourceOwnership {

  /** Whose a message is. */
  public enum Belonging {
    /** The owner's, or nothing is known that it could be told from. */
    OWN,
    /** It does not say whose: it is taken for the owner's, but its position proves nothing. */
    ADOPTED,
    /** Another source's. */
    FOREIGN
  }

  /** How long after its last event another source counts as one that is still there. */
  static final Duration PRESENT = Duration.ofMinutes(5);

  private static final Logger LOG = LoggerFactory.getLogger(SourceOwnership.class);

  private static final String NOTE = "source.owner.";
  private static final String PLACE_NOTE = "source.place.";

  /** Names come from outside: many would fill the memory. */
  private static final int MOST_OTHERS = 20;

  private final NoteLedger notes;
  private final Clock clock;
  private final Map<Integer, Optional<SourceName>> owners = new ConcurrentHashMap<>();
  private final Map<SourceName, OtherSource> others = new LinkedHashMap<>();

  public SourceOwnership(NoteLedger notes, Clock clock) {
    this.notes = notes;
    this.clock = clock;
  }

  /** The owner of an epoch's positions; empty before the first event that names its source. */
  public Optional<SourceName> owner(int epoch) {
    return owners.computeIfAbsent(epoch, this::read);
  }

  private Optional<SourceName> read(int epoch) {
    return notes.read(NOTE + epoch).map(SourceName::parse);
  }

  /** The owner as far as it was read or claimed; asks no ledger. */
  public Optional<SourceName> knownOwner(int epoch) {
    return owners.getOrDefault(epoch, Optional.empty());
  }

  /**
   * Where the rows of an epoch are read: the first place that was read stays.
   *
   * @param place a cluster and a database
   */
  public String placeOfRows(int epoch, String place) {
    return notes.claim(PLACE_NOTE + epoch, place);
  }

  /** Whose a message is that can be indexed; the first that names its source makes it the owner. */
  public Belonging claim(SourceName source, int epoch) {
    if (owner(epoch).isEmpty() && source.isComplete()) {
      SourceName owner = SourceName.parse(notes.claim(NOTE + epoch, source.toString()));
      owners.put(epoch, Optional.of(owner));
      LOG.info("The index belongs to the source {} (epoch {})", owner, epoch);
    }
    return belonging(source, epoch);
  }

  /** Whose a message is. */
  public Belonging belonging(SourceName source, int epoch) {
    if (source.isComplete()) {
      // Another instance may have learned of an owner meanwhile.
      owners.remove(epoch, Optional.empty());
    }
    Optional<SourceName> owner = owner(epoch);
    if (owner.isEmpty()) {
      return Belonging.OWN;
    }
    if (!source.agreesWith(owner.get())) {
      return Belonging.FOREIGN;
    }
    return source.isNamed() ? Belonging.OWN : Belonging.ADOPTED;
  }

  /** Remembers that another source sent a change, and says why it is given up. */
  public RejectedException reject(SourceName source, int epoch) {
    Instant now = clock.instant();
    synchronized (others) {
      OtherSource known = others.get(source);
      if (known != null) {
        others.put(source, known.again(now));
      } else if (others.size() < MOST_OTHERS) {
        others.put(source, new OtherSource(source, 1, now));
      }
    }
    return new RejectedException(
        RejectionReason.OTHER_SOURCE,
        "the event is of the source '%s', and the index belongs to '%s', whose positions cannot be"
                .formatted(source, owner(epoch).map(Object::toString).orElse(""))
            + " compared with it; give each source a queue and an index of its own. If the owner"
            + " was renamed or replaced, let the queue drain, raise freshet.source-epoch by one,"
            + " restart and replay");
  }

  /** The other sources whose changes were given up since the start, as they came first. */
  public List<OtherSource> others() {
    synchronized (others) {
      return List.copyOf(others.values());
    }
  }

  /** Those that sent something lately. */
  public List<OtherSource> presentOthers() {
    Instant since = clock.instant().minus(PRESENT);
    return others().stream().filter(other -> other.lastSeenAt().isAfter(since)).toList();
  }

  /** One sentence on another source that sent something lately. */
  public Optional<String> note() {
    return presentOthers().stream()
        .findFirst()
        .map(
            other ->
                "changes of another source ("
                    + other.source()
                    + ") come through the same queue and are dead-lettered as other-source; give"
                    + " it a queue and an index of its own");
  }

  /**
   * Another source than the index's.
   *
   * @param changes how many of its changes were given up
   */
  public record OtherSource(SourceName source, long changes, Instant lastSeenAt) {

    OtherSource again(Instant now) {
      return new OtherSource(source, changes + 1, now);
    }
  }
}
