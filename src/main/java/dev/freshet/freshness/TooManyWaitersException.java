package dev.freshet.freshness;

/** As many wait for the index as may wait at once. */
public final class TooManyWaitersException extends Exception {

  private static final long serialVersionUID = 1L;

  TooManyWaitersException(int most) {
    super(
        most
            + " calls wait for the index, and no more may (freshet.freshness.max-waiters); try"
            + " again later");
  }
}
