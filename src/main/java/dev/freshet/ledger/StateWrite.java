package dev.freshet.ledger;

import dev.freshet.document.DocumentState;

/** A state to remember, guarded against a concurrent writer. */
public sealed interface StateWrite permits DocumentWrite, PastWrite {

  DocumentState state();

  /** The revision that the decision was based on; 0 when nothing was stored. */
  long expectedRevision();
}
