package dev.freshet.api;

import dev.freshet.BuildOrigin;
import dev.freshet.api.InstanceDescription.Embedding;
import dev.freshet.api.InstanceDescription.Splitting;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.TableMappings;
import dev.freshet.embedding.SplittingConfiguration;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.source.SourceConfiguration;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what runs here: which build, over what, with which settings. */
@Controller("/info")
@ExecuteOn(TaskExecutors.BLOCKING)
final class InfoController {

  private static final Instant STARTED_AT =
      Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());

  private final ShownSettings settings;
  private final TableMappings tables;
  private final SourceConfiguration source;
  private final SplittingConfiguration splitting;
  private final DocumentLedger ledger;
  private final @Nullable EmbeddingSpace space;

  /**
   * @param space null where a LlamaIndex service embeds
   */
  InfoController(
      ShownSettings settings,
      TableMappings tables,
      SourceConfiguration source,
      SplittingConfiguration splitting,
      DocumentLedger ledger,
      @Nullable EmbeddingSpace space) {
    this.settings = settings;
    this.tables = tables;
    this.source = source;
    this.splitting = splitting;
    this.ledger = ledger;
    this.space = space;
  }

  @Get
  InstanceDescription describe(HttpRequest<?> request) {
    QueryParameters.of(request.getParameters(), List.of());
    var build = BuildOrigin.present();
    return new InstanceDescription(
        build.version(),
        build.commit(),
        build.committedAt(),
        Runtime.version() + ", " + System.getProperty("java.vendor", "of an unknown vendor"),
        STARTED_AT,
        chosen("freshet.feed"),
        chosen("freshet.sink"),
        chosen("freshet.store"),
        space == null ? null : new Embedding(space.model(), space.dimension()),
        space == null ? null : new Splitting(splitting.maxTokens(), splitting.overlapTokens()),
        source.sourceEpoch(),
        tables.tables().stream().map(TableId::toString).sorted().toList(),
        ledger.schemaVersion(),
        settings.byKey());
  }

  /** The start sees to it that these are set. */
  private String chosen(String key) {
    return settings.byKey().getOrDefault(key, "");
  }
}
