package dev.freshet.support;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.index.DocumentMetadata;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.index.Hit;
import dev.freshet.index.MetadataSelection;
import dev.freshet.index.SearchScope;
import dev.freshet.index.SegmentIndex;
import dev.langchain4j.data.embedding.Embedding;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** An index that answers what a test decides, and keeps what it was asked. */
public final class FakeIndex implements SegmentIndex {

  public List<Hit> nearest = List.of();
  public List<Hit> matching = List.of();

  /** The ids of each document's segments. */
  public final Map<DocumentId, List<UUID>> segments = new ConcurrentHashMap<>();

  public @Nullable Embedding embedding;
  public @Nullable String text;
  public @Nullable SearchScope nearestScope;
  public @Nullable SearchScope matchingScope;
  public boolean exact;

  /** So many documents change before their metadata is read. */
  public int staleReads;

  public int metadataReads;

  @Override
  public List<Hit> findNearest(Embedding wanted, SearchScope scope, boolean exactly) {
    embedding = wanted;
    nearestScope = scope;
    exact = exactly;
    return nearest;
  }

  @Override
  public List<Hit> findMatching(String wanted, SearchScope scope) {
    text = wanted;
    matchingScope = scope;
    return matching;
  }

  @Override
  public List<DocumentMetadata> metadata(List<DocumentId> documents, MetadataSelection selection) {
    return documents.stream().map(this::metadata).toList();
  }

  private DocumentMetadata metadata(DocumentId id) {
    metadataReads++;
    Instant version = metadataReads <= staleReads ? Instant.MAX : Instant.ofEpochSecond(1);
    return new DocumentMetadata(id, version, JsonNodeFactory.instance.objectNode(), 2);
  }

  @Override
  public long countNearer(Embedding wanted, SearchScope scope, double score) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long countMatchingBetter(String wanted, SearchScope scope, double score) {
    throw new UnsupportedOperationException();
  }

  @Override
  public EmbeddingSpace space() {
    return new EmbeddingSpace("test-model", 384);
  }

  @Override
  public Map<DocumentId, List<UUID>> segmentsOf(Set<DocumentId> documents) {
    var found = new HashMap<>(segments);
    found.keySet().retainAll(documents);
    return found;
  }

  @Override
  public Map<TableId, Long> count() {
    var count = new HashMap<TableId, Long>();
    segments.forEach((id, ids) -> count.merge(id.table(), (long) ids.size(), Long::sum));
    return count;
  }
}
