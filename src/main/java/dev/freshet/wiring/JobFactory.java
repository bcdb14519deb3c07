package dev.freshet.wiring;

import dev.freshet.document.MessageReader;
import dev.freshet.document.Renderings;
import dev.freshet.document.TableMappings;
import dev.freshet.feed.DeadLetters;
import dev.freshet.feed.FeedState;
import dev.freshet.freshness.CommitWaits;
import dev.freshet.freshness.PresentRenderings;
import dev.freshet.freshness.WatermarkTracker;
import dev.freshet.index.SegmentIndex;
import dev.freshet.indexing.FailureRecorder;
import dev.freshet.indexing.IndexingLoop;
import dev.freshet.job.JobGate;
import dev.freshet.job.JobOutput;
import dev.freshet.job.JobRunner;
import dev.freshet.job.JobWork;
import dev.freshet.job.Jobs;
import dev.freshet.job.JobsConfiguration;
import dev.freshet.job.PacedOutput;
import dev.freshet.job.StepGate;
import dev.freshet.job.backfill.BackfillOffers;
import dev.freshet.job.backfill.BackfillWork;
import dev.freshet.job.drift.DriftResults;
import dev.freshet.job.drift.DriftWork;
import dev.freshet.job.drift.TableDocuments;
import dev.freshet.job.drift.WatermarkCommits;
import dev.freshet.job.reindex.ReindexWork;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.sink.ExclusiveSink;
import dev.freshet.source.SourceRows;
import dev.freshet.store.Store;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Makes the jobs, and what they work with. */
@Factory
final class JobFactory {

  /** Whoever pauses consumption expects that nothing changes the index. */
  @Singleton
  StepGate stepGate(IndexingLoop loop) {
    return new StepGate(
        () ->
            switch (loop.consumption().state()) {
              case PAUSING, PAUSED ->
                  Optional.of("consumption is paused; POST /consumption/resume lets the job go on");
              case RUNNING, STALLED, ENDED -> Optional.empty();
            });
  }

  @Singleton
  JobOutput jobOutput(
      MessageReader reader,
      ExclusiveSink sink,
      DocumentLedger ledger,
      DeadLetters deadLetters,
      JobsConfiguration configuration,
      JobGate gate,
      Clock clock) {
    return new PacedOutput(
        reader,
        sink,
        new FailureRecorder(ledger.failures()),
        deadLetters,
        configuration.share(),
        gate,
        clock);
  }

  @Singleton
  ReindexWork reindex(
      DocumentLedger ledger,
      TableMappings mappings,
      PresentRenderings renderings,
      JobOutput output) {
    return new ReindexWork(ledger, mappings, renderings, output);
  }

  @Singleton
  @Requires(beans = SourceRows.class)
  BackfillWork backfill(SourceRows rows, JobOutput output) {
    return new BackfillWork(rows, output);
  }

  /** Not where the feed reads the rows that are there by itself. */
  @Singleton
  @Requires(beans = SourceRows.class)
  @Requires(condition = FeedReadsNoRows.class)
  BackfillOffers backfillOffers(
      SourceRows rows, TableMappings mappings, DocumentLedger ledger, Jobs jobs, Clock clock) {
    return new BackfillOffers(rows, mappings, ledger, jobs, clock);
  }

  @Singleton
  @Requires(beans = SourceRows.class)
  DriftWork drift(
      SourceRows rows,
      MessageReader reader,
      DocumentLedger ledger,
      @Nullable Store store,
      PresentRenderings present,
      Renderings renderings,
      CommitWaits waits,
      WatermarkTracker tracker,
      JobOutput output,
      DriftResults results,
      FeedState feed,
      JobGate gate,
      Clock clock) {
    SegmentIndex index = store == null ? null : store.index();
    var documents = new TableDocuments(ledger, ledger::page, index, present::isCurrent);
    return new DriftWork(
        rows,
        reader,
        documents,
        new WatermarkCommits(waits, tracker, feed, gate),
        output,
        renderings,
        results,
        clock);
  }

  @Singleton
  DriftResults driftResults(DocumentLedger ledger, Clock clock) {
    return new DriftResults(ledger.notes(), clock);
  }

  @Singleton
  Jobs jobs(DocumentLedger ledger, List<JobWork> works, Clock clock) {
    return new Jobs(ledger.notes(), works, clock);
  }

  @Singleton
  @Bean(preDestroy = "close")
  JobRunner jobRunner(Jobs jobs, StepGate gate, Clock clock) {
    return new JobRunner(jobs, gate, clock);
  }
}
