package dev.freshet.store;

import dev.freshet.document.DocumentId;
import dev.langchain4j.data.embedding.Embedding;
import java.util.List;

/**
 * A ledger whose documents can be searched. Vectors are compared by cosine; scores are
 * LangChain4j's relevance scores, {@code (cosine + 1) / 2}, from 0 to 1, for vectors, and the
 * store's own non-negative measure for words; higher is better.
 */
public interface IndexStore extends DocumentLedger {

  /**
   * The segments nearest to the vector, nearest first; without metadata, as all hits here.
   *
   * @param exact whether to compare with every segment rather than to ask the approximate index
   */
  List<Hit> findNearest(Embedding embedding, SearchScope scope, boolean exact);

  /** The segments that contain words of the text, best first; ordinary text, no query language. */
  List<Hit> findMatching(String text, SearchScope scope);

  /**
   * How many segments score higher than this by the vector. Each is compared, so it takes time in
   * proportion to the index; the scope's limit does not count.
   */
  long countNearer(Embedding embedding, SearchScope scope, double score);

  /**
   * The metadata of documents as it stands now, read in the given order until the bytes are used
   * up. A document is left out when its metadata does not fit into what is left of them, and when
   * it is not stored.
   */
  List<DocumentMetadata> metadata(List<DocumentId> documents, MetadataSelection selection);

  /** How many segments score higher than this by the text's words; the limit does not count. */
  long countMatchingBetter(String text, SearchScope scope, double score);
}
