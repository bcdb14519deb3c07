package dev.freshet.sink.local;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Embeds segments, and keeps their vectors until they are committed: a commit that fails and is
 * tried again, be it in halves, embeds nothing again. For use by one thread.
 */
final class PendingVectors {

  /** Their vectors take some 30 MB. */
  private static final int MOST = 20_000;

  /** The model's tokens and sums of so many take some 4 MB. */
  private static final int SLICE = 1_000;

  private final EmbeddingModel model;
  private final Map<UUID, Embedding> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Embedding> eldest) {
          return size() > MOST;
        }
      };

  /** A text to embed; the same id always has the same text. */
  record Segment(UUID id, String text) {}

  PendingVectors(EmbeddingModel model) {
    this.model = model;
  }

  /** The vectors, in the order of the segments. */
  List<Embedding> of(List<Segment> segments) {
    var embeddings = new ArrayList<Embedding>(segments.size());
    for (int from = 0; from < segments.size(); from += SLICE) {
      embeddings.addAll(ofSlice(segments.subList(from, Math.min(from + SLICE, segments.size()))));
    }
    return embeddings;
  }

  private List<Embedding> ofSlice(List<Segment> segments) {
    var vectors = new LinkedHashMap<UUID, Embedding>();
    var missing = new ArrayList<Segment>();
    for (Segment segment : segments) {
      Embedding embedding = known.get(segment.id());
      if (embedding == null) {
        missing.add(segment);
      } else {
        vectors.put(segment.id(), embedding);
      }
    }
    if (!missing.isEmpty()) {
      List<TextSegment> texts =
          missing.stream().map(segment -> TextSegment.from(segment.text())).toList();
      List<Embedding> made = model.embedAll(texts).content();
      for (int i = 0; i < made.size(); i++) {
        vectors.put(missing.get(i).id(), made.get(i));
        known.put(missing.get(i).id(), made.get(i));
      }
    }
    return segments.stream().map(segment -> vectors.get(segment.id())).toList();
  }

  /** They are stored. */
  void forget(Collection<UUID> segments) {
    segments.forEach(known::remove);
  }
}
