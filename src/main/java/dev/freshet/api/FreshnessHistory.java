package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.freshet.freshness.LagHistory;
import dev.freshet.freshness.LagHistory.Summary;
import dev.freshet.freshness.Stage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Throughput and lag by stage over the last minutes. */
@JsonPropertyOrder({"stepSeconds", "steps"})
@Schema(
    name = "FreshnessHistory",
    description = "Throughput and lag by stage over the last minutes.")
record FreshnessHistory(
    @Schema(description = "How long a step is.", requiredMode = Schema.RequiredMode.REQUIRED)
        long stepSeconds,
    @Schema(description = "Oldest first.", requiredMode = Schema.RequiredMode.REQUIRED)
        List<Step> steps) {

  static FreshnessHistory of(List<LagHistory.Step> steps) {
    return new FreshnessHistory(LagHistory.STEP.toSeconds(), steps.stream().map(Step::of).toList());
  }

  /** What happened in a step. */
  @JsonPropertyOrder({"at", "events", "documents", "stages"})
  @Schema(name = "FreshnessStep", description = "What happened in a step.")
  record Step(
      @Schema(description = "When it began.", requiredMode = Schema.RequiredMode.REQUIRED)
          Instant at,
      @Schema(
              description = "Messages that were settled, whatever became of them.",
              requiredMode = Schema.RequiredMode.REQUIRED)
          long events,
      @Schema(
              description = "Changes that made a document searchable, or took it away.",
              requiredMode = Schema.RequiredMode.REQUIRED)
          long documents,
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) Stages stages) {

    static Step of(LagHistory.Step step) {
      return new Step(step.at(), step.events(), step.documents(), Stages.of(step.stages()));
    }
  }

  /** The parts of the way of the changes that became searchable in a step. */
  @JsonPropertyOrder({"captured", "received", "embedded", "searchable", "total"})
  @Schema(
      name = "LagStages",
      description = "The parts of the way of the changes that became searchable in a step.")
  record Stages(
      @Schema(
              description = "From the commit until the capture.",
              requiredMode = Schema.RequiredMode.REQUIRED)
          StageLag captured,
      @Schema(
              description = "From then until the receipt.",
              requiredMode = Schema.RequiredMode.REQUIRED)
          StageLag received,
      @Schema(
              description = "From then until the segments were embedded, where that happens here.",
              requiredMode = Schema.RequiredMode.REQUIRED)
          StageLag embedded,
      @Schema(
              description =
                  "From then, or from the receipt where nothing was embedded, until it was"
                      + " searchable.",
              requiredMode = Schema.RequiredMode.REQUIRED)
          StageLag searchable,
      @Schema(
              description = "From the commit until it was searchable.",
              requiredMode = Schema.RequiredMode.REQUIRED)
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
  @Schema(
      name = "StageLag",
      description =
          "How long a part of the way took; percentiles are at most an eighth too large, and 0 where"
              + " nothing was measured.")
  record StageLag(
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) long count,
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) long p50Millis,
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) long p95Millis,
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) long maxMillis) {

    static StageLag of(Map<Stage, Summary> stages, Stage stage) {
      Summary found = stages.getOrDefault(stage, new Summary(0, 0, 0, 0));
      return new StageLag(found.count(), found.p50Millis(), found.p95Millis(), found.maxMillis());
    }
  }
}
