package dev.freshet.search.local;

import dev.freshet.document.DocumentId;
import dev.freshet.embedding.QueryEmbedder;
import dev.freshet.index.DocumentMetadata;
import dev.freshet.index.Hit;
import dev.freshet.index.SegmentIndex;
import dev.freshet.search.Explanation;
import dev.freshet.search.SearchEngine;
import dev.freshet.search.SearchQuery;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Searches the index with the model that embedded its segments. */
@Singleton
@Requires(beans = {SegmentIndex.class, QueryEmbedder.class})
final class LocalSearchEngine implements SearchEngine {

  private static final int ATTEMPTS = 3;

  private final SegmentIndex index;
  private final QueryEmbedder embedder;

  LocalSearchEngine(SegmentIndex index, QueryEmbedder embedder) {
    this.index = index;
    this.embedder = embedder;
  }

  /**
   * Metadata is read of the final hits only; a document that changed meanwhile is looked up again.
   */
  @Override
  public List<Hit> search(SearchQuery query) {
    var ranking = new Ranking(index, embedder, query);
    for (int attempt = 1; ; attempt++) {
      List<Hit> hits =
          ranking.best(query.exact()).stream()
              .filter(hit -> hit.score() >= query.minScore())
              .toList();
      Map<DocumentId, DocumentMetadata> metadata = metadata(hits, query);
      if (attempt == ATTEMPTS || hits.stream().allMatch(hit -> isOf(hit, metadata))) {
        return hits.stream().map(hit -> with(hit, metadata)).toList();
      }
    }
  }

  private Map<DocumentId, DocumentMetadata> metadata(List<Hit> hits, SearchQuery query) {
    List<DocumentId> documents = hits.stream().map(Hit::documentId).distinct().toList();
    return index.metadata(documents, query.metadata()).stream()
        .collect(Collectors.toMap(DocumentMetadata::id, Function.identity()));
  }

  private static boolean isOf(Hit hit, Map<DocumentId, DocumentMetadata> metadata) {
    DocumentMetadata of = metadata.get(hit.documentId());
    return of == null || of.indexedAt().equals(hit.indexedAt());
  }

  private static Hit with(Hit hit, Map<DocumentId, DocumentMetadata> metadata) {
    DocumentMetadata of = metadata.get(hit.documentId());
    return of == null ? hit : hit.with(of.values());
  }

  @Override
  public Explanation explain(DocumentId document, SearchQuery query) {
    return new Placement(new Ranking(index, embedder, query), document, query).explanation();
  }
}
