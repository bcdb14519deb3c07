package dev.freshet.feed;

/** What a feed does with the source's changes now. */
public enum FeedPhase {
  /** It takes each as it comes, and knows what waits. */
  FOLLOWS,

  /** It reads the rows that are there, before the changes; it does not know how many are left. */
  READS_FIRST_ROWS,

  /** Another instance takes all, and it would take over from that one; it knows nothing. */
  STANDS_BY
}
