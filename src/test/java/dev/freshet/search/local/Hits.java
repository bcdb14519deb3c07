package dev.freshet.search.local;

import dev.freshet.changeevent.ArrivalPosition;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.index.Hit;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Hits for tests. */
final class Hits {

  private Hits() {}

  static Hit hit(String key, int ordinal, double score, long version) {
    return new Hit(
        new DocumentId(new TableId("public", "products"), List.of(key)),
        ordinal,
        key + " version " + version,
        score,
        null,
        new Origin(new ArrivalPosition(version), null, null, null, Instant.EPOCH),
        Instant.ofEpochSecond(version));
  }

  static Hit hit(String key) {
    return hit(key, 0, 0.5, 1);
  }

  static List<Hit> hits(String... keys) {
    return List.of(keys).stream().map(Hits::hit).toList();
  }

  static List<Hit> numbered(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> hit(prefix + i)).toList();
  }

  static List<String> keys(List<Hit> hits) {
    return hits.stream().map(hit -> hit.documentId().joinedKey()).toList();
  }
}
