package dev.freshet.search;

/** How documents are compared with the query. */
public enum SearchMode {
  /** By the embedding's cosine. */
  VECTOR,
  /** By words. */
  KEYWORD,
  /** By both, fused by reciprocal rank. */
  HYBRID
}
