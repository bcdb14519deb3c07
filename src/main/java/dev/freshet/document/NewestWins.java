package dev.freshet.document;

import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Position;
import dev.freshet.document.Decision.Changed;
import dev.freshet.document.Decision.Contradicted;
import dev.freshet.document.Decision.Incomplete;
import dev.freshet.document.Decision.Stale;
import dev.freshet.document.DocumentChange.Delete;
import dev.freshet.document.DocumentChange.Upsert;
import dev.freshet.document.Version.Deleted;
import dev.freshet.document.Version.Moved;
import dev.freshet.document.Version.Present;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which the newest version of a document wins. Whatever the order in which the changes
 * arrive, and however often, what is remembered once all have arrived is the same:
 *
 * <ol>
 *   <li>The version at the highest position is the document. An older one never replaces it.
 *   <li>A deletion is a version too: what is older than it cannot bring the document back.
 *   <li>A value that an event left out is that of the version before it. So an older event that
 *       arrives late can still supply it.
 *   <li>A row that changes its key takes its values along, those that arrive late under the old key
 *       too; what another row had under the new key is not among them.
 *   <li>What is not newer than a truncation of its table is gone.
 * </ol>
 */
public final class NewestWins {

  private final States states;

  public NewestWins(States states) {
    this.states = states;
  }

  /** Applies an upsert. */
  public Decision upsert(Upsert change) {
    Optional<Decision> kept = keptOut(change.id(), change.origin().position());
    if (kept.isPresent()) {
      return kept.get();
    }
    Present version = Present.of(change);
    DocumentId movedFrom = change.movedFrom();
    if (movedFrom != null) {
      var departure = new Moved(version.position(), Map.of(), change.id());
      version =
          version.taking(
              add(movedFrom, departure, change.origin()).takenAlong(departure.position()));
    }
    return decide(change.id(), version, change.origin());
  }

  /** Applies a delete. */
  public Decision delete(Delete change) {
    Position position = change.origin().position();
    Optional<Decision> kept = keptOut(change.id(), position);
    if (kept.isPresent()) {
      return kept.get();
    }
    Version version = change.moved() ? new Moved(position, Map.of(), null) : new Deleted(position);
    return decide(change.id(), version, change.origin());
  }

  /** A change that is not to be applied, and why. */
  private Optional<Decision> keptOut(DocumentId id, Position position) {
    Position truncated = states.truncated(id.table());
    if (truncated != null && !position.supersedes(truncated)) {
      return Optional.of(
          position.contradicts(truncated) ? new Contradicted(truncated) : new Stale());
    }
    DocumentState state = states.find(id);
    return state != null && position.contradicts(state.position())
        ? Optional.of(new Contradicted(state.position()))
        : Optional.empty();
  }

  private Decision decide(DocumentId id, Version version, Origin origin) {
    DocumentState before = states.find(id);
    add(id, version, origin);
    DocumentState after = states.find(id);
    if (after != null
        && after.position().coincides(version.position())
        && !after.missing().isEmpty()) {
      return new Incomplete(after.missing());
    }
    boolean same = before != null && after != null && before.newest().equals(after.newest());
    return same ? new Stale() : new Changed();
  }

  private Timeline add(DocumentId id, Version version, Origin origin) {
    DocumentState before = states.find(id);
    var timeline = new Timeline(id, before);
    timeline.add(version);
    remember(timeline, origin, before);
    handOver(id, timeline, version.position(), origin);
    return timeline;
  }

  private void remember(Timeline timeline, Origin origin, @Nullable DocumentState before) {
    timeline
        .state(origin, before)
        .filter(state -> !state.equals(before))
        .ifPresent(states::remember);
  }

  /** What arrived late under an old key goes after the row, along all the keys that it has had. */
  private void handOver(DocumentId id, Timeline timeline, Position since, Origin origin) {
    var passed = new HashSet<Moved>();
    DocumentId from = id;
    Optional<Moved> departure = timeline.departureAfter(since);
    // Positions that contradict one another could lead in a circle.
    while (departure.filter(passed::add).isPresent()) {
      DocumentId heir = departure.map(Moved::heir).orElseThrow();
      DocumentState before = states.find(heir);
      var heirs = new Timeline(heir, before);
      heirs.handOver(departure.orElseThrow(), from);
      remember(heirs, origin, before);
      departure = heirs.departureAfter(departure.orElseThrow().position());
      from = heir;
    }
  }

  /**
   * What is left of a state when its table was truncated.
   *
   * @param truncated the position of the table's newest truncation; null when there was none
   * @return null when nothing is left
   */
  public static @Nullable DocumentState unlessTruncated(
      @Nullable DocumentState state, @Nullable Position truncated) {
    if (state == null || truncated == null) {
      return state;
    }
    var timeline = new Timeline(state.id(), state);
    timeline.truncate(truncated);
    return timeline.state(state.origin(), state).orElse(null);
  }
}
