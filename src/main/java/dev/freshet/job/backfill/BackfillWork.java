package dev.freshet.job.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.freshet.changeevent.TableId;
import dev.freshet.index.Condition;
import dev.freshet.job.JobFailedException;
import dev.freshet.job.JobKind;
import dev.freshet.job.JobOutput;
import dev.freshet.job.JobWork;
import dev.freshet.job.Progress;
import dev.freshet.job.StepSize;
import dev.freshet.search.FilterExpressionParser;
import dev.freshet.search.InvalidFilterException;
import dev.freshet.sink.Outcome;
import dev.freshet.source.SourceRefusedException;
import dev.freshet.source.SourceRows;
import dev.freshet.source.SourceRows.Page;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a table in the order of its key, and indexes them as reads. The request names
 * the table, and may have a condition on its columns and a rate in rows a second: {@code
 * {"table":"public.products","where":"updated_at > '2026-11-01'","rate":100}}.
 *
 * <p>It counts rows by their outcomes: {@code indexed}, {@code unchanged}, {@code stale} where the
 * index has a newer version, {@code rejected} where the row is a dead letter now.
 */
public final class BackfillWork implements JobWork {

  private static final int PAGE = 200;

  /** The most rows a second that a request may ask for. */
  public static final int FASTEST = 100_000;

  private static final String AFTER = "after";

  private final SourceRows rows;
  private final JobOutput output;
  private final FilterExpressionParser conditions = new FilterExpressionParser();
  private final StepSize size = new StepSize(PAGE);

  public BackfillWork(SourceRows rows, JobOutput output) {
    this.rows = rows;
    this.output = output;
  }

  /**
   * What was asked for.
   *
   * @param rate rows a second; null for no limit but the share of all jobs
   */
  private record Request(TableId table, @Nullable Condition where, @Nullable Integer rate) {}

  @Override
  public JobKind kind() {
    return JobKind.BACKFILL;
  }

  @Override
  public void require(JsonNode request) throws JobFailedException {
    Request wanted = parse(request);
    try {
      var unused = estimate(wanted);
    } catch (SourceRefusedException e) {
      throw refused(e);
    }
  }

  @Override
  public Progress step(JsonNode request, Progress before)
      throws JobFailedException, InterruptedException {
    Request wanted = parse(request);
    try {
      return next(wanted, before);
    } catch (SourceRefusedException e) {
      e.waitIfPassing();
      throw refused(e);
    }
  }

  private Progress next(Request wanted, Progress before)
      throws SourceRefusedException, InterruptedException {
    if (before.cursor().isNull()) {
      return before
          .of(estimate(wanted))
          .reporting(remarks(wanted.table()))
          .at(JsonNodeFactory.instance.objectNode().putNull(AFTER), 0);
    }
    long begin = System.nanoTime();
    Page page = page(wanted, before.cursor().path(AFTER));
    if (page.rows().isEmpty()) {
      return before.end();
    }
    long read = System.nanoTime();
    Progress progress = before;
    for (Outcome outcome :
        output.write(page.rows().stream().map(SourceRows.Row::message).toList())) {
      progress = progress.counting(outcome.label(), 1);
    }
    size.took(page.rows().size(), Duration.ofNanos(System.nanoTime() - read));
    rest(wanted, page.rows().size(), Duration.ofNanos(System.nanoTime() - begin));
    JsonNode last = page.rows().get(page.rows().size() - 1).place();
    Progress passed =
        progress.at(JsonNodeFactory.instance.objectNode().set(AFTER, last), page.rows().size());
    return passed.total() == null ? passed : passed.of(passed.total());
  }

  private static void rest(Request wanted, int passed, Duration taken) throws InterruptedException {
    if (wanted.rate() != null) {
      Duration due = Duration.ofNanos(TimeUnit.SECONDS.toNanos(passed) / wanted.rate());
      TimeUnit.NANOSECONDS.sleep(due.minus(taken).toNanos());
    }
  }

  private Page page(Request wanted, JsonNode after) throws SourceRefusedException {
    int limit = wanted.rate() == null ? size.rows() : Math.min(size.rows(), wanted.rate());
    return rows.page(wanted.table(), wanted.where(), after.isNull() ? null : after, limit);
  }

  private long estimate(Request wanted) throws SourceRefusedException {
    return rows.estimate(wanted.table(), wanted.where());
  }

  private JsonNode remarks(TableId table) throws SourceRefusedException {
    ArrayNode remarks = JsonNodeFactory.instance.arrayNode();
    rows.remarks(table).forEach(remarks::add);
    return JsonNodeFactory.instance.objectNode().set("remarks", remarks);
  }

  private static JobFailedException refused(SourceRefusedException cause) {
    return new JobFailedException(String.valueOf(cause.getMessage()), cause);
  }

  private Request parse(JsonNode request) throws JobFailedException {
    JsonNode rate = request.path("rate");
    if (!rate.isMissingNode()
        && !(rate.isInt() && rate.intValue() >= 1 && rate.intValue() <= FASTEST)) {
      throw new JobFailedException(
          "'rate' must be an integer from 1 to %d: so many rows are read a second"
              .formatted(FASTEST));
    }
    try {
      JsonNode where = request.path("where");
      return new Request(
          TableId.parse(request.path("table").asText()),
          where.isMissingNode() ? null : conditions.parse(where.asText()),
          rate.isMissingNode() ? null : rate.intValue());
    } catch (InvalidFilterException e) {
      throw new JobFailedException("the condition 'where' cannot be read: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new JobFailedException(String.valueOf(e.getMessage()), e);
    }
  }
}
