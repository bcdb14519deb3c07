package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.freshet.freshness.LagHistory;
import dev.freshet.freshness.LagHistory.Summary;
import dev.freshet.freshness.Stage;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Throughput and lag by stage over the last minutes. */
@JsonPropertyOrder({"stepSeconds", "steps"})
record FreshnessHistory(long stepSeconds, List<Step> steps) {

  static FreshnessHistory of(List<LagHistory.Step> steps) {
    return new FreshnessHistory(LagHistory.STEP.toSeconds(), steps.stream().map(Step::of).toList());
  }

  /** What happened in a step. */
  @JsonPropertyOrder({"at", "events", "documents", "stages"})
  record Step(Instant at, long events, long documents, Stages stages) {

    static Step of(LagHistory.Step step) {
      return new Step(step.at(), step.events(), step.documents(), Stages.of(step.stages()));
    }
  }

  /** The parts of the way of the changes that became searchable in a step. */
  @JsonPropertyOrder({"captured", "received", "embedded", "searchable", "total"})
  record Stages(
      StageLag captured,
      StageLag received,
      StageLag embedded,
      StageLag searchable,
      StageLag total) {

    static Stages of(Map<Stage, Summary> stages) {
      return new Stages(
          StageLag.of(stages, Stage.CAPTURED),
          StageLag.of(stages, Stage.RECEIVED),
          StageLag.of(stages, Stage.EMBEDDED),
          StageLag.of(stages, Stage.SEARCHABLE),
          StageLag.of(stages, Stage.TOTAL));
    }
  }

  /** How long a part of the way took. */
  @JsonPropertyOrder({"count", "p50Millis", "p95Millis", "maxMillis"})
  record StageLag(long count, long p50Millis, long p95Millis, long maxMillis) {

    static StageLag of(Map<Stage, Summary> stages, Stage stage) {
      Summary found = stages.getOrDefault(stage, new Summary(0, 0, 0, 0));
      return new StageLag(found.count(), found.p50Millis(), found.p95Millis(), found.maxMillis());
    }
  }
}
