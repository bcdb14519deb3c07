package dev.freshet.document;

import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Position;
import dev.freshet.document.Version.Deleted;
import dev.freshet.document.Version.Moved;
import dev.freshet.document.Version.Present;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The versions of one document in the order of their positions, in whatever order they arrive. Each
 * takes the values that its event left out from the one before it.
 */
final class Timeline {

  /** How much past is kept for events that arrive late; the newest version is always kept. */
  private static final int MOST_VERSIONS = 32;

  private static final int MOST_CHARACTERS = 256 * 1024;

  private final DocumentId id;

  /** Oldest first. */
  private final List<Version> versions = new ArrayList<>();

  private @Nullable Position forgottenBefore;

  Timeline(DocumentId id, @Nullable DocumentState state) {
    this.id = id;
    if (state != null) {
      versions.addAll(state.past().versions());
      versions.add(state.newest());
      forgottenBefore = state.past().forgottenBefore();
      carry();
    }
  }

  /** Adds a version at its place. One that is there already changes nothing. */
  void add(Version version) {
    int place = place(version.position());
    if (place > 0 && version.position().coincides(versions.get(place - 1).position())) {
      versions.set(place - 1, merged(versions.get(place - 1), version));
    } else if (forgottenBefore != null && !version.position().supersedes(forgottenBefore)) {
      supplyFromForgotten(version);
    } else {
      versions.add(place, version);
    }
    carry();
  }

  /** How many versions the position supersedes or equals. */
  private int place(Position position) {
    int place = versions.size();
    while (place > 0) {
      Position before = versions.get(place - 1).position();
      if (position.supersedes(before) || position.coincides(before)) {
        return place;
      }
      place--;
    }
    return 0;
  }

  /**
   * A key change tells of the old key twice: by a delete, and by the event under the new key. Where
   * it changes the primary key only, and not the configured one, both are of this document, which
   * stays.
   */
  private static Version merged(Version there, Version again) {
    if (again instanceof Present row) {
      return there instanceof Moved departed
          ? row.after(new Present(departed.position(), departed.columns(), Set.of(), null))
          : there instanceof Deleted ? row : there;
    }
    if (!(again instanceof Moved moved) || there instanceof Present) {
      return there;
    }
    DocumentId heir =
        there instanceof Moved known && known.heir() != null ? known.heir() : moved.heir();
    return new Moved(there.position(), there.columns(), heir);
  }

  /**
   * What was between such a version and the oldest remembered one is not known, so it has no place;
   * but it may have what that one lacks, or tell that this is another row.
   */
  private void supplyFromForgotten(Version version) {
    if (versions.isEmpty() || !(versions.get(0) instanceof Present oldest)) {
      return;
    }
    versions.set(
        0,
        version instanceof Present older
            ? oldest.supplied(older)
            : oldest.movedFrom() == null ? oldest.without(version.position()) : oldest);
  }

  private void carry() {
    for (int i = 1; i < versions.size(); i++) {
      versions.set(i, versions.get(i).after(versions.get(i - 1)));
    }
  }

  /** Forgets what a truncation of the table took away, and what was before that. */
  void truncate(Position position) {
    int kept = versions.size();
    while (kept > 0 && versions.get(kept - 1).position().supersedes(position)) {
      kept--;
    }
    versions.subList(0, kept).clear();
    if (!versions.isEmpty() && versions.get(0) instanceof Present oldest) {
      versions.set(0, oldest.without(position));
    }
    carry();
  }

  /** The values that the row took along when it moved away at the position. */
  Map<String, ColumnVersion> takenAlong(Position position) {
    return versions.stream()
        .filter(version -> version instanceof Moved && version.position().coincides(position))
        .findFirst()
        .map(Version::columns)
        .orElse(Map.of());
  }

  /** Hands a row that moved here the values that it took along from under its former key. */
  void handOver(Moved departure, DocumentId from) {
    for (int i = 0; i < versions.size(); i++) {
      if (versions.get(i) instanceof Present row
          && row.position().coincides(departure.position())
          && from.equals(row.movedFrom())) {
        versions.set(i, row.taking(departure.columns()));
      }
    }
    carry();
  }

  /** How the row that was here at the position moved away, if its new key is known. */
  Optional<Moved> departureAfter(Position position) {
    return versions.stream()
        .filter(version -> !position.supersedes(version.position()))
        .filter(version -> !(version instanceof Present))
        .findFirst()
        .filter(version -> version instanceof Moved moved && moved.heir() != null)
        .map(Moved.class::cast);
  }

  /**
   * The state that this timeline ends in.
   *
   * @param origin that of the version added last
   * @param before the state that this timeline began with; null when there was none
   * @return empty when nothing is remembered
   */
  Optional<DocumentState> state(Origin origin, @Nullable DocumentState before) {
    forget();
    if (versions.isEmpty()) {
      return Optional.empty();
    }
    Version newest = versions.get(versions.size() - 1);
    boolean unchanged = before != null && before.position().equals(newest.position());
    return Optional.of(
        new DocumentState(
            id,
            unchanged && before != null ? before.origin() : origin,
            newest,
            new Past(versions.subList(0, versions.size() - 1), forgottenBefore)));
  }

  /** A version takes the room of its event's own values, the oldest also that of all others. */
  private void forget() {
    int last = versions.size() - 1;
    int kept = 0;
    long own = 0;
    for (int back = 1; back <= Math.min(last, MOST_VERSIONS) && own <= MOST_CHARACTERS; back++) {
      Version oldest = versions.get(last - back);
      if (own + characters(oldest.columns().values()) <= MOST_CHARACTERS) {
        kept = back;
      }
      own += characters(ownValues(oldest));
    }
    if (kept < last) {
      versions.subList(0, last - kept).clear();
      forgottenBefore = versions.get(0).position();
    }
  }

  private static List<ColumnVersion> ownValues(Version version) {
    return version.columns().values().stream()
        .filter(column -> column.position().equals(version.position()))
        .toList();
  }

  private static long characters(Collection<ColumnVersion> columns) {
    return columns.stream()
        .map(ColumnVersion::value)
        .filter(Version::mayBeLeftOut)
        .mapToLong(
            value -> value.isTextual() ? value.textValue().length() : value.toString().length())
        .sum();
  }
}
