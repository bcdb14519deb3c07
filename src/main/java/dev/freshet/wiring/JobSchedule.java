package dev.freshet.wiring;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.TableMappings;
import dev.freshet.job.JobFailedException;
import dev.freshet.job.JobKind;
import dev.freshet.job.Jobs;
import dev.freshet.job.drift.DriftConfiguration;
import dev.freshet.job.drift.DriftResult;
import dev.freshet.job.drift.DriftResults;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows which jobs are open and what drift checks have found, and begins those that are due. */
@Singleton
class JobSchedule {

  private static final Logger LOG = LoggerFactory.getLogger(JobSchedule.class);

  private final Jobs jobs;
  private final DriftResults results;
  private final DriftConfiguration configuration;
  private final TableMappings mappings;
  private final Clock clock;
  private final Map<TableId, String> hindrances = new ConcurrentHashMap<>();
  private final MultiGauge open;
  private final MultiGauge left;
  private final MultiGauge verified;

  JobSchedule(
      Jobs jobs,
      DriftResults results,
      DriftConfiguration configuration,
      TableMappings mappings,
      MeterRegistry registry,
      Clock clock) {
    this.jobs = jobs;
    this.results = results;
    this.configuration = configuration;
    this.mappings = mappings;
    this.clock = clock;
    this.open =
        MultiGauge.builder("freshet.jobs")
            .description("Jobs that have not ended")
            .register(registry);
    this.left =
        MultiGauge.builder("freshet.drift.documents")
            .description("Documents that differ from the source, by the last check of their table")
            .register(registry);
    this.verified =
        MultiGauge.builder("freshet.drift.verified")
            .description("Up to which time a table is verified, since 1970; no number where not")
            .baseUnit("seconds")
            .register(registry);
  }

  @Scheduled(initialDelay = "1s", fixedDelay = "10s")
  void show() {
    results.refresh();
    left.register(results.all().stream().map(one -> row(one, one.left())).toList(), true);
    verified.register(
        results.all().stream().map(one -> row(one, verifiedSeconds(one))).toList(), true);
  }

  @Scheduled(initialDelay = "1s", fixedDelay = "10s")
  void showOpen() {
    try {
      Map<Tags, Long> counts =
          jobs.all().stream()
              .filter(job -> !job.state().ended())
              .collect(
                  Collectors.groupingBy(
                      job -> Tags.of("kind", job.kind().label(), "state", job.state().label()),
                      Collectors.counting()));
      open.register(
          counts.entrySet().stream()
              .map(entry -> MultiGauge.Row.of(entry.getKey(), entry.getValue()))
              .toList(),
          true);
    } catch (UnavailableException e) {
      LOG.debug("The ledger does not say which jobs there are: {}", e.getMessage());
    }
  }

  private static double verifiedSeconds(DriftResult result) {
    Instant through = result.verifiedThrough();
    return through == null ? Double.NaN : through.getEpochSecond();
  }

  private static MultiGauge.Row<?> row(DriftResult result, Number figure) {
    return MultiGauge.Row.of(Tags.of("table", result.table()), figure);
  }

  @Scheduled(initialDelay = "1m", fixedDelay = "1m")
  void beginDue() {
    if (configuration.interval() == null) {
      return;
    }
    try {
      Instant since = clock.instant().minus(configuration.interval());
      Set<TableId> tried =
          jobs.all().stream()
              .filter(job -> job.kind() == JobKind.DRIFT_CHECK)
              .filter(job -> !job.state().ended() || job.createdAt().isAfter(since))
              .map(job -> TableId.parse(job.request().path("table").asText()))
              .map(mappings::documentTable)
              .collect(Collectors.toSet());
      mappings.tables().stream()
          .filter(table -> !tried.contains(table) && !isChecked(table, since))
          .forEach(this::begin);
    } catch (UnavailableException e) {
      LOG.debug("The ledger does not say which drift checks are due: {}", e.getMessage());
    }
  }

  private boolean isChecked(TableId table, Instant since) {
    return results.all().stream()
        .anyMatch(
            result -> result.table().equals(table.toString()) && result.checkedAt().isAfter(since));
  }

  private void begin(TableId table) {
    var request =
        JsonNodeFactory.instance
            .objectNode()
            .put("table", table.toString())
            .put("repair", configuration.repair());
    try {
      var unused = jobs.start(JobKind.DRIFT_CHECK, request);
      hindrances.remove(table);
    } catch (JobFailedException | UnavailableException e) {
      String why = String.valueOf(e.getMessage());
      // What hinders all tables is said once, and nothing again each minute.
      if (!hindrances.containsValue(why)) {
        LOG.warn("The drift check of {} that is due cannot begin: {}", table, why);
      }
      hindrances.put(table, why);
    }
  }
}
