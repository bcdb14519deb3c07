package dev.freshet.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.index.Hit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an answer leaves out because it would be too large. */
record Truncation(int hitsWithoutMetadata, int hitsLeftOut, String detail) {

  /** What a hit has beside its text and metadata. */
  private static final int REST = 400;

  /** The hits of an answer, and what it leaves out; null where that is nothing. */
  record Bounded(List<Hit> hits, @Nullable Truncation truncation) {}

  /**
   * Keeps the best hits that fit without metadata, and then the metadata that fits beside them.
   *
   * @param hits best first
   * @param maxBytes the most of them together
   */
  static Bounded bounded(List<Hit> hits, long maxBytes) {
    long left = maxBytes;
    int kept = 0;
    while (kept < hits.size() && left >= bare(hits.get(kept))) {
      left -= bare(hits.get(kept));
      kept++;
    }
    var bounded = new ArrayList<Hit>();
    var sizes = new IdentityHashMap<JsonNode, Long>();
    int without = 0;
    for (Hit hit : hits.subList(0, kept)) {
      JsonNode metadata = hit.metadata();
      long size = metadata == null ? 0 : sizes.computeIfAbsent(metadata, Truncation::size);
      boolean fits = metadata != null && size <= left;
      left -= fits ? size : 0;
      without += fits ? 0 : 1;
      bounded.add(fits ? hit : hit.with(null));
    }
    int leftOut = hits.size() - kept;
    return new Bounded(
        bounded,
        without + leftOut == 0
            ? null
            : new Truncation(without, leftOut, detail(without, leftOut, maxBytes)));
  }

  private static long bare(Hit hit) {
    return REST + length(hit.text()) + 2L * length(hit.documentId().toString());
  }

  private static long size(JsonNode metadata) {
    return length(metadata.toString());
  }

  private static long length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String detail(int without, int leftOut, long maxBytes) {
    var what = new ArrayList<String>();
    if (without > 0) {
      what.add("the metadata of " + without + (without == 1 ? " hit is" : " hits is"));
    }
    if (leftOut > 0) {
      what.add(leftOut + (leftOut == 1 ? " further hit is" : " further hits are"));
    }
    return "The answer may have %d bytes (freshet.search.max-answer-size), so %s left out; choose"
            .formatted(maxBytes, String.join(", and ", what))
        + " columns with fields=title,price, or ask for fewer hits";
  }
}
