package dev.freshet.document;

/** What became of an event in the mapping. */
public sealed interface MappingResult {

  /** It changes the index. */
  record Mapped(DocumentChange change) implements MappingResult {}

  /** It has no bearing on the index. */
  record Ignored(Reason reason) implements MappingResult {

    /** Why an event has no bearing on the index. */
    public enum Reason {
      UNMAPPED_TABLE,
      MARKER,
      TOMBSTONE,
      UNKNOWN_OPERATION
    }
  }
}
