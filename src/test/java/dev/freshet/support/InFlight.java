package dev.freshet.support;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts the calls that are in flight, and those about one document. */
final class InFlight {

  private final Map<String, Integer> byDocument = new HashMap<>();
  private int now;
  private int most;
  private int mostOfOneDocument;

  synchronized void begin(@Nullable String document) {
    most = Math.max(most, ++now);
    if (document != null) {
      int same = byDocument.merge(document, 1, Integer::sum);
      mostOfOneDocument = Math.max(mostOfOneDocument, same);
    }
  }

  synchronized void end(@Nullable String document) {
    now--;
    if (document != null) {
      byDocument.merge(document, -1, Integer::sum);
    }
  }

  synchronized int now() {
    return now;
  }

  synchronized int most() {
    return most;
  }

  synchronized int mostOfOneDocument() {
    return mostOfOneDocument;
  }
}
