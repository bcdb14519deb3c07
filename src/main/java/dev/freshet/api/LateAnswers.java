package dev.freshet.api;

import dev.freshet.alarm.Alarms;
import dev.freshet.api.problem.Problem;
import dev.freshet.feed.FeedState;
import dev.freshet.freshness.CommitWaits;
import dev.freshet.freshness.Freshness;
import dev.freshet.freshness.FreshnessMonitor;
import dev.freshet.freshness.IndexingProgress;
import io.micronaut.http.HttpStatus;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;

/** Says why what a call waited for was not searchable in time. */
@Singleton
final class LateAnswers {

  private final FreshnessMonitor monitor;
  private final CommitWaits commits;
  private final IndexingProgress progress;
  private final Alarms alarms;
  private final UnroutedWatch unrouted;
  private final FeedState feed;

  LateAnswers(
      FreshnessMonitor monitor,
      CommitWaits commits,
      IndexingProgress progress,
      Alarms alarms,
      UnroutedWatch unrouted,
      FeedState feed) {
    this.monitor = monitor;
    this.commits = commits;
    this.progress = progress;
    this.alarms = alarms;
    this.unrouted = unrouted;
    this.feed = feed;
  }

  Problem problem(WaitRequest wait) {
    Freshness freshness = monitor.now();
    var awaited = new ArrayList<String>();
    if (wait.txId() != null) {
      awaited.add("a change of the document by transaction " + wait.txId());
    }
    if (wait.minLsn() != null) {
      awaited.add("all that was committed before " + wait.minLsn());
    }
    String detail =
        "%s %s not searchable within %d ms: %s; wait again, or ask with stale=allow for what there is"
            .formatted(
                String.join(", and ", awaited),
                awaited.size() == 1 ? "was" : "were",
                wait.timeout().toMillis(),
                reason(freshness, wait));
    return Problem.of(HttpStatus.GATEWAY_TIMEOUT, detail)
        .with("freshness", FreshnessBlock.of(freshness, unrouted.note()));
  }

  private String reason(Freshness freshness, WaitRequest wait) {
    Optional<String> trouble =
        alarms.delaying().map(alarm -> alarm.description() + "; " + alarm.remedy());
    if (trouble.isPresent()) {
      return trouble.get();
    }
    Long pending = freshness.pending();
    if (pending != null && pending > 0) {
      return pending + " messages wait or are being applied";
    }
    if (pending == null && freshness.note() != null) {
      return freshness.note();
    }
    return wait.minLsn() != null
        ? commits.unheardNudge().map(this::unheard).orElseGet(this::nothingFollowed)
        : "no change of it by that transaction has come; look whether the transaction has committed and"
            + " changed this row, and whether Debezium captures the table";
  }

  private String unheard(Instant nudge) {
    return "the source was made to write a logical message at %s, and nothing has come from it since; "
            .formatted(nudge)
        + (feed.takesLogicalMessages()
            ? "look whether Debezium runs, and captures logical messages"
            : "freshet.rabbitmq.routing-keys must bind Debezium's topic <topic.prefix>.message, as in"
                + " db.message");
  }

  private String nothingFollowed() {
    return "nothing has come since "
        + progress.lastHeard().map(Instant::toString).orElse("the start")
        + ", and only what was committed later shows that nothing is missing; let a heartbeat or"
        + " pg_logical_emit_message follow on a quiet database";
  }
}
