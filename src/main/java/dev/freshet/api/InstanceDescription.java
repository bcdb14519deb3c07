package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What runs here. Nothing in it is secret.
 *
 * @param embedding null where a LlamaIndex service embeds
 * @param splitting null where a LlamaIndex service splits
 * @param tables those that are mapped; none where every table with an id is
 * @param schemaVersion that of the index's tables; null where it has none, or it is not known yet
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record InstanceDescription(
    @Nullable String version,
    @Nullable String commit,
    @Nullable Instant committedAt,
    String java,
    Instant startedAt,
    String feed,
    String sink,
    String store,
    @Nullable Embedding embedding,
    @Nullable Splitting splitting,
    int sourceEpoch,
    List<String> tables,
    @Nullable String schemaVersion,
    Map<String, String> settings) {

  /** What makes vectors. */
  record Embedding(String model, int dimensions) {}

  /** How texts become segments. */
  record Splitting(int maxTokens, int overlapTokens) {}
}
