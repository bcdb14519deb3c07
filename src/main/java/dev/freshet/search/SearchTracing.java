package dev.freshet.search;

/** Follows searches from their beginning to their end. */
@FunctionalInterface
public interface SearchTracing {

  /** Follows nothing. */
  SearchTracing OFF = query -> (outcome, hits) -> {};

  /** A search begins. */
  SearchTrace begin(SearchQuery query);

  /** One search, for as long as it takes. */
  @FunctionalInterface
  interface SearchTrace {

    /**
     * The search is over.
     *
     * @param hits how many there are; 0 where it failed
     */
    void ended(SearchOutcome outcome, int hits);
  }
}
