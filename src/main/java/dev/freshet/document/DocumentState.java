package dev.freshet.document;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Position;
import dev.freshet.document.Version.Deleted;
import dev.freshet.document.Version.Moved;
import dev.freshet.document.Version.Present;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is remembered of a document, so that an event is compared with what was applied before.
 *
 * @param origin that of the newest event applied
 * @param newest what that event made of the document
 * @param past the versions before it
 */
public record DocumentState(DocumentId id, Origin origin, Version newest, Past past) {

  public DocumentState {
    if (!newest.position().equals(origin.position())) {
      throw new IllegalArgumentException(
          id + " has its newest version at " + newest.position() + ", not at " + origin.position());
    }
  }

  /** A document with these values, of whose past nothing is remembered. */
  public static DocumentState present(
      DocumentId id, Origin origin, Map<String, ColumnVersion> columns) {
    Set<String> older =
        columns.entrySet().stream()
            .filter(column -> !column.getValue().position().equals(origin.position()))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    return withoutPast(id, origin, new Present(origin.position(), columns, older, null));
  }

  /** A tombstone, of whose past nothing is remembered. */
  public static DocumentState deleted(DocumentId id, Origin origin) {
    return withoutPast(id, origin, new Deleted(origin.position()));
  }

  private static DocumentState withoutPast(DocumentId id, Origin origin, Version newest) {
    return new DocumentState(id, origin, newest, Past.forgottenBefore(origin.position()));
  }

  /** This state, when no event that is older than the newest version is expected any more. */
  public DocumentState withoutPast() {
    return withoutPast(id, origin, newest);
  }

  public Position position() {
    return origin.position();
  }

  /**
   * Whether the document is gone; the state then is the tombstone that keeps a late update from
   * bringing it back.
   */
  public boolean deleted() {
    return !(newest instanceof Present);
  }

  /** The columns that the newest event left out and nobody knows yet. */
  public Set<String> missing() {
    return newest instanceof Present row ? row.missing() : Set.of();
  }

  /** Whether the document is there, with every value known. */
  public boolean complete() {
    return !deleted() && missing().isEmpty();
  }

  /** The values that are known, by column in column order; see {@link Version#columns}. */
  public Map<String, ColumnVersion> columns() {
    return newest.columns();
  }

  /** The values that are known, by column in column order. */
  public Map<String, JsonNode> values() {
    var values = new LinkedHashMap<String, JsonNode>();
    columns().forEach((name, version) -> values.put(name, version.value()));
    return values;
  }

  /** Under which ids the rows that moved away from here are known. */
  public Set<DocumentId> heirs() {
    return Stream.concat(past.versions().stream(), Stream.of(newest))
        .filter(Moved.class::isInstance)
        .flatMap(version -> Stream.ofNullable(((Moved) version).heir()))
        .collect(Collectors.toSet());
  }
}
