package dev.freshet.api;

import dev.freshet.changeevent.TableId;
import dev.freshet.freshness.FormerMappings;
import dev.freshet.freshness.IgnoredTables.IgnoredTable;
import dev.freshet.freshness.IndexingProgress;
import dev.freshet.freshness.Losses;
import dev.freshet.job.backfill.BackfillOffers;
import dev.freshet.job.drift.DriftResult;
import dev.freshet.job.drift.DriftResults;
import dev.freshet.ledger.DocumentFailure;
import dev.freshet.source.SourceConfiguration;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is known of the captured database, and of what the index lacks of it. */
@Singleton
final class SourceFigures {

  private final IndexingProgress progress;
  private final FormerMappings mappings;
  private final Losses losses;
  private final DriftResults drift;
  private final Optional<BackfillOffers> offers;
  private final int epoch;

  SourceFigures(
      IndexingProgress progress,
      FormerMappings mappings,
      Losses losses,
      DriftResults drift,
      Optional<BackfillOffers> offers,
      SourceConfiguration configuration) {
    this.progress = progress;
    this.mappings = mappings;
    this.losses = losses;
    this.drift = drift;
    this.offers = offers;
    this.epoch = configuration.sourceEpoch();
  }

  FreshnessReport.SourceState now() {
    return FreshnessReport.SourceState.of(progress, epoch);
  }

  WatermarkStatus watermark(FreshnessBlock freshness, List<DocumentFailure> failures) {
    return WatermarkStatus.of(freshness, epoch, failures, losses.known().orElse(null));
  }

  /** What was lost has been sent again, or does not matter. */
  void forgetLosses() {
    losses.forget();
    progress.renew();
  }

  List<IgnoredTable> ignoredTables() {
    return progress.ignored().all();
  }

  List<DriftResult> driftChecks() {
    return drift.all();
  }

  List<String> formerMappings() {
    return mappings.tables().stream().map(TableId::toString).toList();
  }

  /** The tables that have rows at the source, and no document. */
  Set<TableId> backfillsOffered() {
    return offers.<Set<TableId>>map(BackfillOffers::tables).orElse(Set.of());
  }

  /** How many documents of each configured table are as a former mapping made them. */
  Map<TableId, Long> formerDocuments() {
    return mappings.documents();
  }
}
