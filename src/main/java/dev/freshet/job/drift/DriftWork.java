package dev.freshet.job.drift;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.document.MessageReader;
import dev.freshet.document.Renderings;
import dev.freshet.job.JobFailedException;
import dev.freshet.job.JobKind;
import dev.freshet.job.JobOutput;
import dev.freshet.job.JobWork;
import dev.freshet.job.Progress;
import dev.freshet.job.StepSize;
import dev.freshet.job.drift.Comparison.Finding;
import dev.freshet.job.drift.Confirmation.DriftedRow;
import dev.freshet.job.drift.Confirmation.Orphan;
import dev.freshet.job.drift.TableRows.Look;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.source.SourceRefusedException;
import dev.freshet.source.SourceRows;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a table with its documents, a page a step: first the rows, whose documents may be
 * missing or different, then the documents, whose rows may be gone. The request is {@code {"table":
 * "public.products", "repair": false}}.
 */
public final class DriftWork implements JobWork {

  private static final Logger LOG = LoggerFactory.getLogger(DriftWork.class);

  /** Rows or documents a step, at most. */
  static final int PAGE = 200;

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(3);

  private static final String PASS = "pass";
  private static final String ROWS = "rows";
  private static final String DOCUMENTS = "documents";
  private static final String AFTER = "after";

  private final SourceRows source;
  private final MessageReader reader;
  private final TableDocuments documents;
  private final AppliedCommits applied;
  private final Repair repair;
  private final DriftResults results;
  private final Clock clock;
  private final StepSize size = new StepSize(PAGE);

  /** Of checks that have not ended: one that waits lets another go first. */
  private final Map<TableId, Confirmation> confirmations = new HashMap<>();

  public DriftWork(
      SourceRows source,
      MessageReader reader,
      TableDocuments documents,
      AppliedCommits applied,
      JobOutput output,
      Renderings renderings,
      DriftResults results,
      Clock clock) {
    this.source = source;
    this.reader = reader;
    this.documents = documents;
    this.applied = applied;
    this.repair = new Repair(output, renderings);
    this.results = results;
    this.clock = clock;
  }

  @Override
  public JobKind kind() {
    return JobKind.DRIFT_CHECK;
  }

  @Override
  public void require(JsonNode request) throws JobFailedException {
    try {
      var unused = source.estimate(table(request), null);
    } catch (SourceRefusedException e) {
      throw new JobFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public Progress step(JsonNode request, Progress before)
      throws JobFailedException, InterruptedException {
    Progress progress = next(request, before);
    if (progress.ended()) {
      confirmations.remove(table(request));
      tell(results.record(table(request).toString(), progress));
    }
    return progress;
  }

  private static void tell(DriftResult result) {
    if (result.left() > 0) {
      LOG.warn(
          "The index differs from {}: {} rows have no document, {} documents no row, {} are not those"
              + " of their rows, and {} of these are repaired; POST /drift-checks?table={}&repair=true"
              + " brings them",
          result.table(),
          result.missing(),
          result.orphaned(),
          result.different(),
          result.repaired(),
          result.table());
    }
  }

  private Progress next(JsonNode request, Progress before)
      throws JobFailedException, InterruptedException {
    try {
      var rows = new TableRows(source, reader, clock, table(request));
      JsonNode cursor = before.cursor();
      if (cursor.isNull()) {
        return begin(rows, before);
      }
      Findings findings = Findings.of(before);
      boolean repairs = request.path("repair").asBoolean();
      long total = before.total() == null ? 0 : before.total();
      return cursor.path(PASS).asText().equals(ROWS)
          ? rows(rows, cursor.path(AFTER), repairs, findings, total)
          : documents(rows, cursor.path(AFTER), repairs, findings, total);
    } catch (SourceRefusedException e) {
      e.waitIfPassing();
      throw new JobFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  private TableId table(JsonNode request) throws JobFailedException {
    try {
      return reader.documentTable(TableId.parse(request.path("table").asText()));
    } catch (IllegalArgumentException e) {
      throw new JobFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  private Progress begin(TableRows rows, Progress before) throws SourceRefusedException {
    confirmations.remove(rows.table());
    long estimate = source.estimate(rows.table(), null);
    Findings findings = Findings.begin(before, rows.end(), clock.instant());
    source.remarks(rows.table()).forEach(findings::remark);
    if (!documents.areHere()) {
      findings.remark(
          "Another service has the index: the check compares the table with what that service has"
              + " confirmed, and does not ask what it has");
    }
    return findings.at(cursor(ROWS, NullNode.instance), 0, 2 * estimate);
  }

  private static ObjectNode cursor(String pass, JsonNode after) {
    ObjectNode cursor = JsonNodeFactory.instance.objectNode().put(PASS, pass);
    return cursor.set(AFTER, after);
  }

  private Progress rows(
      TableRows rows, JsonNode after, boolean repairs, Findings findings, long total)
      throws SourceRefusedException, InterruptedException {
    SourceRows.Page page =
        source.page(rows.table(), null, after.isNull() ? null : after, size.rows());
    if (page.rows().isEmpty()) {
      return findings.at(cursor(DOCUMENTS, NullNode.instance), 0, 2 * findings.done());
    }
    Look look = rows.indexable(page);
    var refused = new LinkedHashSet<DocumentId>();
    page.rows().forEach(row -> refused.add(row.document()));
    refused.removeAll(look.rows().keySet());
    if (!refused.isEmpty()) {
      findings.count(Findings.FAILED, refused.size());
      findings.remark("Rows cannot be indexed by the present mapping or its limits (failed)");
    }
    size.took(page.rows().size(), compare(rows, look, repairs, findings));
    JsonNode place = page.rows().get(page.rows().size() - 1).place();
    return findings.at(cursor(ROWS, place), page.rows().size(), total);
  }

  private Confirmation confirmation(TableRows rows) {
    return confirmations.computeIfAbsent(
        rows.table(), any -> new Confirmation(applied, BETWEEN_LOOKS));
  }

  /** Answers how long the repair has taken. */
  private Duration compare(TableRows rows, Look look, boolean repairs, Findings findings)
      throws SourceRefusedException, InterruptedException {
    Map<DocumentId, Finding> compared = documents.compare(look.rows());
    tell(compared, findings);
    var suspects = new LinkedHashSet<DocumentId>();
    compared.forEach(
        (id, finding) -> {
          if (Confirmation.isDrift(finding)) {
            suspects.add(id);
          }
        });
    if (suspects.isEmpty()) {
      return Duration.ZERO;
    }
    Map<DocumentId, DriftedRow> drifted =
        confirmation(rows).rows(rows, documents, suspects, findings);
    dropFailed(drifted, findings);
    var missing = new ArrayList<DocumentId>();
    var different = new ArrayList<DocumentId>();
    drifted.forEach((id, row) -> (row.finding() == Finding.MISSING ? missing : different).add(id));
    findings.add(Findings.MISSING, missing);
    findings.add(Findings.DIFFERENT, different);
    long begin = System.nanoTime();
    if (repairs) {
      repair.rows(rows, documents, drifted, findings);
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private void tell(Map<DocumentId, Finding> compared, Findings findings) {
    if (compared.containsValue(Finding.SAME_VALUES)) {
      findings.remark(
          "Documents have other hashes and the same values: a former mapping made them, or"
              + " messages without a schema told the values in another form");
    }
    long others = compared.values().stream().filter(Finding.OTHER_COLUMNS::equals).count();
    if (others > 0) {
      findings.count(Findings.OTHER_COLUMNS, others);
      findings.remark(
          "Documents lack columns that the table has, or have columns that it lacks: a backfill"
              + " brings them, and leaves out what freshet.tables excludes");
    }
  }

  /** A dead letter is told elsewhere, and a repair would be rejected like it. */
  private void dropFailed(Map<DocumentId, ?> drift, Findings findings) {
    Set<DocumentId> failed = documents.failed(Set.copyOf(drift.keySet()));
    if (!failed.isEmpty()) {
      drift.keySet().removeAll(failed);
      findings.count(Findings.FAILED, failed.size());
      findings.remark(
          "Newest changes of documents are dead-lettered (failed): mend what rejected them, and"
              + " replay them");
    }
  }

  private Progress documents(
      TableRows rows, JsonNode after, boolean repairs, Findings findings, long total)
      throws SourceRefusedException, InterruptedException {
    List<StoredDocument> page = documents.page(rows.table(), id(rows.table(), after), size.rows());
    if (page.isEmpty()) {
      return findings.at(null, 0, total);
    }
    var suspects = new LinkedHashSet<DocumentId>();
    page.forEach(stored -> suspects.add(stored.state().id()));
    suspects.removeAll(rows.present(suspects).documents());
    Duration taken = Duration.ZERO;
    if (!suspects.isEmpty()) {
      Map<DocumentId, Orphan> orphans =
          confirmation(rows).orphans(rows, documents, suspects, findings);
      dropFailed(orphans, findings);
      findings.add(Findings.ORPHANED, orphans.keySet());
      Repair.tellPhantoms(rows, orphans, findings);
      long begin = System.nanoTime();
      if (repairs) {
        repair.orphans(rows, documents, orphans, findings);
      }
      taken = Duration.ofNanos(System.nanoTime() - begin);
    }
    size.took(page.size(), taken);
    DocumentId last = page.get(page.size() - 1).state().id();
    ObjectNode next = cursor(DOCUMENTS, JsonNodeFactory.instance.textNode(last.joinedKey()));
    return findings.at(next, page.size(), total);
  }

  private static @Nullable DocumentId id(TableId table, JsonNode after) {
    return after.isNull() ? null : DocumentId.of(table, after.asText());
  }
}
