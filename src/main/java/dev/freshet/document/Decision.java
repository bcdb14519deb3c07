package dev.freshet.document;

import java.util.Set;

/** What a change does to what is remembered of a document. */
public sealed interface Decision {

  /** It is newer, in whole or in a column: this is the state from now on. */
  record Changed(DocumentState next) implements Decision {}

  /** It is not newer: nothing changes. */
  record Stale() implements Decision {}

  /** It is newer, but leaves out values that nobody remembers. */
  record Unresolved(Set<String> columns) implements Decision {}
}
