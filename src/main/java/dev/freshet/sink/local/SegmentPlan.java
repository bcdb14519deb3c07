package dev.freshet.sink.local;

import dev.freshet.document.DocumentId;
import dev.freshet.index.SegmentWrite;
import dev.langchain4j.data.embedding.Embedding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A document's segments, new beside old. A segment's id is derived from its text, so that a text
 * which is stored already, at whatever place, keeps its vector.
 */
final class SegmentPlan {

  private record Planned(UUID id, String text, boolean stored) {}

  private final List<Planned> segments = new ArrayList<>();
  private final boolean sameAsStored;

  /**
   * Compares the new segments with the stored ones.
   *
   * @param texts the segments' texts, in order
   * @param storedSegments the ids of the stored ones, in order
   */
  SegmentPlan(DocumentId document, List<String> texts, List<UUID> storedSegments) {
    Set<UUID> stored = Set.copyOf(storedSegments);
    Map<String, Integer> occurrences = new HashMap<>();
    for (String text : texts) {
      UUID id = id(document, text, occurrences.merge(text, 1, Integer::sum));
      segments.add(new Planned(id, text, stored.contains(id)));
    }
    this.sameAsStored = segments.stream().map(Planned::id).toList().equals(storedSegments);
  }

  /** The same text may stand in a document several times; each occurrence is a segment. */
  private static UUID id(DocumentId document, String text, int occurrence) {
    String name = document + "\0" + occurrence + "\0" + text;
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  int size() {
    return segments.size();
  }

  /** Whether the stored segments are these, in this order. */
  boolean isSameAsStored() {
    return sameAsStored;
  }

  /** The segments whose texts are not stored yet, in order. */
  List<PendingVectors.Segment> toEmbed() {
    return segments.stream()
        .filter(segment -> !segment.stored())
        .map(segment -> new PendingVectors.Segment(segment.id(), segment.text()))
        .toList();
  }

  /**
   * The segments to write.
   *
   * @param embeddings those of {@link #toEmbed}, in the same order; as many as needed are taken
   */
  List<SegmentWrite> writes(Iterator<Embedding> embeddings) {
    var writes = new ArrayList<SegmentWrite>();
    for (Planned segment : segments) {
      Embedding embedding = segment.stored() ? null : embeddings.next();
      writes.add(new SegmentWrite(segment.id(), writes.size(), segment.text(), embedding));
    }
    return writes;
  }
}
