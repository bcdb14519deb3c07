package dev.freshet.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What a search found, best first. */
public record SearchAnswer(List<Hit> hits, IndexFreshness freshness) {

  public SearchAnswer {
    hits = List.copyOf(hits);
  }

  /**
   * A segment of a document.
   *
   * @param documentId {@code schema.table/key}
   * @param score higher is better
   * @param lsn of the newest change applied to the document; null where it has none
   * @param txId the transaction of that change; null where it is not known
   */
  public record Hit(
      String documentId,
      String table,
      String key,
      String text,
      double score,
      @Nullable String lsn,
      @Nullable Long txId) {}

  static SearchAnswer of(JsonNode answer) {
    return new SearchAnswer(
        StreamSupport.stream(answer.path("hits").spliterator(), false)
            .map(SearchAnswer::hit)
            .toList(),
        IndexFreshness.of(answer.path("freshness")));
  }

  private static Hit hit(JsonNode hit) {
    return new Hit(
        hit.path("documentId").asText(),
        hit.path("table").asText(),
        hit.path("key").asText(),
        hit.path("text").asText(),
        hit.path("score").asDouble(),
        Json.text(hit, "lsn"),
        Json.number(hit, "txId"));
  }
}
