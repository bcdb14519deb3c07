package dev.freshet.sink.local;

import dev.freshet.UnavailableException;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/**
 * Embeds segments, and keeps their vectors until they are committed: a commit that fails and is
 * tried again, even in halves, embeds nothing again. Safe for use by many threads, of which one
 * embeds at a time, and each in its turn after every portion.
 */
final class PendingVectors {

  /** Their vectors take some 30 MB. */
  private static final int MOST = 20_000;

  private final EmbeddingModel model;
  private final int portion;
  private final Runnable beforePortion;
  private final Semaphore turn = new Semaphore(1, true);
  private final Map<UUID, Embedding> known =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<UUID, Embedding> eldest) {
              return size() > MOST;
            }
          });

  /** A text to embed; the same id always has the same text. */
  record Segment(UUID id, String text) {}

  /**
   * @param portion so many segments are embedded in one call
   * @param beforePortion runs before each of them; throws where the work is given up
   */
  PendingVectors(EmbeddingModel model, int portion, Runnable beforePortion) {
    this.model = model;
    this.portion = portion;
    this.beforePortion = beforePortion;
  }

  /** The vectors, in the order of the segments. */
  List<Embedding> of(List<Segment> segments) {
    var embeddings = new ArrayList<Embedding>(segments.size());
    for (int from = 0; from < segments.size(); from += portion) {
      embeddings.addAll(inTurn(segments.subList(from, Math.min(from + portion, segments.size()))));
    }
    return embeddings;
  }

  private List<Embedding> inTurn(List<Segment> segments) {
    beforePortion.run();
    try {
      turn.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while others embed", e);
    }
    try {
      return embed(segments);
    } finally {
      turn.release();
    }
  }

  private List<Embedding> embed(List<Segment> segments) {
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
