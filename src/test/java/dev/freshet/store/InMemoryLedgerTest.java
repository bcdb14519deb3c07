package dev.freshet.store;

import dev.freshet.ledger.DocumentLedger;
import dev.freshet.support.InMemoryLedger;

/** The fake does as the stores do. */
class InMemoryLedgerTest
    implements FailureContract,
        NoteContract,
        DeadLetterContract,
        CoverageContract,
        RenderingContract {

  private final InMemoryLedger ledger = new InMemoryLedger();

  @Override
  public DocumentLedger ledger() {
    return ledger;
  }
}
