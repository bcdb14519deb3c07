package dev.freshet.index;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.langchain4j.data.embedding.Embedding;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The segments of documents, to be found. Vectors are compared by cosine; scores are LangChain4j's
 * relevance scores, {@code (cosine + 1) / 2}, from 0 to 1, for vectors, and the index's own
 * non-negative measure for words; higher is better. Calls that fail for the infrastructure's sake
 * throw {@link dev.freshet.UnavailableException}.
 */
public interface SegmentIndex {

  /** What the vectors have in common. */
  EmbeddingSpace space();

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

  /** How many segments score higher than this by the text's words; the limit does not count. */
  long countMatchingBetter(String text, SearchScope scope, double score);

  /**
   * The metadata of documents as it stands now, read in the given order until the bytes are used
   * up. A document is left out when its metadata does not fit into what is left of them, and when
   * it is not stored.
   */
  List<DocumentMetadata> metadata(List<DocumentId> documents, MetadataSelection selection);

  /**
   * The ids of the documents' segments, each document's in order. An id is derived from the
   * document and the segment's text: the same text keeps its id and its vector. A document without
   * segments is left out.
   */
  Map<DocumentId, List<UUID>> segmentsOf(Set<DocumentId> documents);

  /**
   * How many segments each table has; a table without any may be left out. Everything is counted,
   * so it takes time in proportion to the index.
   */
  Map<TableId, Long> count();
}
