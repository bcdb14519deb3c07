package dev.freshet.indexing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.freshness.LagHistory;
import dev.freshet.freshness.LagHistory.Step;
import dev.freshet.freshness.Stage;
import dev.freshet.sink.Outcome;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LagMetricsTest {

  private static final Instant COMMITTED = Instant.parse("2026-01-01T00:00:00Z");
  private static final Outcome DONE = new Outcome.Deleted();

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final LagHistory history = new LagHistory(Clock.systemUTC());
  private final LagMetrics lags = new LagMetrics(registry, history);

  private static Instant after(int millis) {
    return COMMITTED.plusMillis(millis);
  }

  private static DocumentChange change(boolean snapshot, Instant capturedAt) {
    var lsn = new Lsn(9);
    var position = new WalPosition(0, lsn, snapshot, lsn);
    return new DocumentChange.Delete(
        DocumentId.of(TableId.parse("public.products"), "1"),
        false,
        new Origin(position, null, COMMITTED, capturedAt, after(70)));
  }

  private static ChangeMessage message(Map<String, String> headers) {
    return new ChangeMessage("public.products", headers, new byte[0]);
  }

  private void applied(DocumentChange change, Outcome outcome) {
    lags.applied(message(Map.of()), change, outcome, after(200));
  }

  private Timer timer(Stage stage) {
    return registry.get("freshet.lag").tag("stage", stage.label()).timer();
  }

  private double millis(Stage stage) {
    assertThat(timer(stage).count()).as(stage.label()).isEqualTo(1);
    return timer(stage).totalTime(TimeUnit.MILLISECONDS);
  }

  @Test
  void theStagesOfAChangeAddUpToItsWholeWay() {
    applied(change(false, after(30)), DONE);
    assertThat(millis(Stage.CAPTURED)).isEqualTo(30);
    assertThat(millis(Stage.RECEIVED)).isEqualTo(40);
    assertThat(timer(Stage.EMBEDDED).count()).isZero();
    assertThat(millis(Stage.SEARCHABLE)).isEqualTo(130);
    assertThat(millis(Stage.TOTAL)).isEqualTo(200);
  }

  @Test
  void whatWasEmbeddedHasThatStageToo() {
    applied(change(false, after(30)), new Outcome.Indexed(2, 1, after(150)));
    assertThat(millis(Stage.EMBEDDED)).isEqualTo(80);
    assertThat(millis(Stage.SEARCHABLE)).isEqualTo(50);
    assertThat(millis(Stage.TOTAL)).isEqualTo(200);
  }

  @Test
  void aClockThatIsBehindMakesNoNegativeStage() {
    applied(change(false, after(-5)), DONE);
    assertThat(millis(Stage.CAPTURED)).isZero();
    assertThat(millis(Stage.RECEIVED)).isEqualTo(75);
  }

  @Test
  void aStageOfWhichAnEndIsUnknownIsNotMeasured() {
    applied(change(false, null), DONE);
    assertThat(timer(Stage.CAPTURED).count()).isZero();
    assertThat(timer(Stage.RECEIVED).count()).isZero();
    assertThat(millis(Stage.TOTAL)).isEqualTo(200);
  }

  @Test
  void aSnapshotsRowIsADocumentButNoLag() {
    applied(change(true, after(30)), DONE);
    assertThat(timer(Stage.TOTAL).count()).isZero();
    assertThat(timer(Stage.SEARCHABLE).count()).isZero();
    assertThat(documents()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x-freshet-reason", "x-freshet-replay"})
  void whatWasPutOnTheFeedAgainIsNotMeasured(String header) {
    lags.applied(message(Map.of(header, "any")), change(false, after(30)), DONE, after(200));
    assertThat(timer(Stage.TOTAL).count()).isZero();
  }

  @Test
  void whatChangedNothingIsNotMeasured() {
    applied(change(false, after(30)), new Outcome.Stale());
    applied(change(false, after(30)), new Outcome.Rejected(RejectionReason.UNDECODABLE, "no"));
    assertThat(timer(Stage.TOTAL).count()).isZero();
    assertThat(documents()).isZero();

    applied(change(false, after(30)), new Outcome.Unchanged());
    assertThat(timer(Stage.TOTAL).count()).isEqualTo(1);
    assertThat(documents()).isZero();
  }

  @Test
  void theHistoryHasTheSame() {
    applied(change(false, after(30)), DONE);
    assertThat(history.steps(Duration.ofMinutes(1)))
        .flatExtracting(step -> step.stages().entrySet())
        .filteredOn(stage -> stage.getValue().maxMillis() > 0)
        .extracting(stage -> stage.getKey().label() + " " + stage.getValue().maxMillis())
        .containsExactlyInAnyOrder("captured 30", "received 40", "searchable 130", "total 200");
  }

  private long documents() {
    return history.steps(Duration.ofMinutes(1)).stream().mapToLong(Step::documents).sum();
  }
}
