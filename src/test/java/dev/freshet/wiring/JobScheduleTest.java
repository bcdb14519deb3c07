package dev.freshet.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.TableMapping;
import dev.freshet.document.TableMappings;
import dev.freshet.job.JobKind;
import dev.freshet.job.JobWork;
import dev.freshet.job.Jobs;
import dev.freshet.job.Progress;
import dev.freshet.job.drift.DriftConfiguration;
import dev.freshet.job.drift.DriftResults;
import dev.freshet.support.InMemoryNotes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class JobScheduleTest {

  private static final Instant BEGIN = Instant.parse("2026-11-28T00:00:00Z");
  private static final Duration INTERVAL = Duration.ofHours(1);

  private final InMemoryNotes notes = new InMemoryNotes();

  private static final class Check implements JobWork {

    @Override
    public JobKind kind() {
      return JobKind.DRIFT_CHECK;
    }

    @Override
    public void require(JsonNode request) {}

    @Override
    public Progress step(JsonNode request, Progress before) {
      return before.end();
    }
  }

  private static Clock clock(Duration later) {
    return Clock.fixed(BEGIN.plus(later), ZoneOffset.UTC);
  }

  private static Map.Entry<TableId, TableMapping> mapping(String name) {
    TableId table = TableId.parse(name);
    return Map.entry(
        table,
        new TableMapping(table, List.of("id"), new ContentTemplate("{title}"), null, Set.of()));
  }

  private JobSchedule schedule(Jobs jobs, Duration later) {
    return new JobSchedule(
        jobs,
        new DriftResults(notes, clock(later)),
        new DriftConfiguration(INTERVAL, false),
        new TableMappings(Map.ofEntries(mapping("public.goods"), mapping("public.orders"))),
        new SimpleMeterRegistry(),
        clock(later));
  }

  private Jobs jobsAfter(Duration later) {
    var jobs = new Jobs(notes, List.of(new Check()), clock(later));
    schedule(jobs, later).beginDue();
    return jobs;
  }

  @Test
  void aCheckThatIsOpenIsNotBegunAgain() {
    assertThat(jobsAfter(Duration.ZERO).all()).hasSize(2);
    assertThat(jobsAfter(INTERVAL.multipliedBy(3)).all()).hasSize(2);
  }

  @Test
  void aCheckThatEndedWithoutAResultIsBegunAgainAfterTheInterval() {
    Jobs first = jobsAfter(Duration.ZERO);
    first.all().forEach(job -> assertThat(first.cancel(job.id())).isPresent());

    assertThat(jobsAfter(Duration.ofMinutes(1)).all()).hasSize(2);
    assertThat(jobsAfter(INTERVAL.plusMinutes(1)).all()).hasSize(4);
  }

  @Test
  void aMissingSourceIsToldOnce() {
    var told = new ListAppender<ILoggingEvent>();
    told.start();
    var log = (Logger) LoggerFactory.getLogger(JobSchedule.class);
    log.addAppender(told);
    log.setLevel(Level.WARN);
    try {
      JobSchedule schedule =
          schedule(new Jobs(notes, List.of(), clock(Duration.ZERO)), Duration.ZERO);
      schedule.beginDue();
      schedule.beginDue();
    } finally {
      log.setLevel(null);
      log.detachAppender(told);
    }
    assertThat(told.list)
        .singleElement()
        .satisfies(
            event -> assertThat(event.getFormattedMessage()).contains("set freshet.source.url"));
  }
}
