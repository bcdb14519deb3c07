package dev.freshet.ledger;

/** Another writer changed a document or truncated a table meanwhile: read again and decide anew. */
public final class ConcurrentUpdateException extends Exception {

  private static final long serialVersionUID = 1L;

  public ConcurrentUpdateException(String message) {
    super(message);
  }
}
