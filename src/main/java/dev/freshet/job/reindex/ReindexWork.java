package dev.freshet.job.reindex;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentChange.Rerender;
import dev.freshet.document.DocumentChange.Rerender.Segments;
import dev.freshet.document.Rendering;
import dev.freshet.document.TableMappings;
import dev.freshet.freshness.PresentRenderings;
import dev.freshet.freshness.PresentRenderings.Present;
import dev.freshet.job.JobFailedException;
import dev.freshet.job.JobKind;
import dev.freshet.job.JobOutput;
import dev.freshet.job.JobWork;
import dev.freshet.job.Progress;
import dev.freshet.job.StepSize;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.sink.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes the documents of a table again that a former mapping or splitter has made, from the columns
 * that the ledger keeps. The request names the table: {@code {"table":"public.products"}}.
 *
 * <p>It counts documents that were {@code rendered}, {@code unchanged} where text and metadata
 * stayed, {@code lacking} where only a backfill can bring a column, {@code stale} where they were
 * deleted meanwhile, and {@code rejected}; and segments that were {@code embedded}.
 */
public final class ReindexWork implements JobWork {

  private static final int PAGE = 100;

  private final DocumentLedger ledger;
  private final TableMappings mappings;
  private final PresentRenderings renderings;
  private final JobOutput output;
  private final StepSize size = new StepSize(PAGE);

  public ReindexWork(
      DocumentLedger ledger,
      TableMappings mappings,
      PresentRenderings renderings,
      JobOutput output) {
    this.ledger = ledger;
    this.mappings = mappings;
    this.renderings = renderings;
    this.output = output;
  }

  @Override
  public JobKind kind() {
    return JobKind.REINDEX;
  }

  @Override
  public void require(JsonNode request) throws JobFailedException {
    var unused = table(request);
  }

  @Override
  public Progress step(JsonNode request, Progress before)
      throws JobFailedException, InterruptedException {
    Present present = renderings.of(table(request)).orElseThrow();
    if (before.cursor().isNull()) {
      SortedMap<String, Long> former = former(present);
      long total = former.values().stream().mapToLong(Long::longValue).sum();
      return goOn(before.of(total), former);
    }
    Cursor cursor = Cursor.of(before.cursor(), present.table());
    List<StoredDocument> page = page(cursor, present);
    if (page.isEmpty()) {
      return goOn(before, former(present).tailMap(cursor.rendering().text() + "\0"));
    }
    List<DocumentChange> changes = page.stream().map(one -> rerender(one, present)).toList();
    long begin = System.nanoTime();
    Progress progress = before;
    for (Outcome outcome : output.apply(changes)) {
      progress = counting(progress, outcome);
    }
    size.took(page.size(), Duration.ofNanos(System.nanoTime() - begin));
    StoredDocument last = page.get(page.size() - 1);
    return progress.at(cursor.behind(last.state().id()).json(), page.size());
  }

  private TableId table(JsonNode request) throws JobFailedException {
    String name = request.path("table").asText();
    Optional<TableId> table =
        mappings.tables().stream().filter(one -> one.toString().equals(name)).findFirst();
    if (table.isPresent()) {
      return table.get();
    }
    if (!mappings.areConfigured()) {
      throw new JobFailedException(
          "no table is named in freshet.tables, so that the default mapping makes all documents;"
              + " only a table that has a mapping there can be reindexed");
    }
    throw new JobFailedException(
        "'%s' is not a mapped table: 'table' is one of %s".formatted(name, mappings.tables()));
  }

  /** How many documents each former rendering has made, in the order of the renderings. */
  private SortedMap<String, Long> former(Present present) {
    var former = new TreeMap<String, Long>();
    ledger
        .renderings(present.table(), present.current())
        .forEach((rendering, count) -> former.put(rendering.text(), count));
    return former;
  }

  private static Progress goOn(Progress progress, SortedMap<String, Long> left) {
    return left.isEmpty()
        ? progress.end()
        : progress.at(new Cursor(new Rendering(left.firstKey()), null).json(), 0);
  }

  /** None of a rendering that has become the present one: the mapping was changed back. */
  private List<StoredDocument> page(Cursor cursor, Present present) {
    return present.current().contains(cursor.rendering())
        ? List.of()
        : ledger.renderedBy(present.table(), cursor.rendering(), cursor.after(), size.rows());
  }

  private static DocumentChange rerender(StoredDocument stored, Present present) {
    return new Rerender(
        stored.state().id(),
        present.mapping(),
        present.assumed(),
        stored.state().origin(),
        Segments.KEPT);
  }

  private static Progress counting(Progress progress, Outcome outcome) {
    if (outcome instanceof Outcome.Indexed indexed) {
      return progress.counting("rendered", 1).counting("embedded", indexed.embedded());
    }
    return progress.counting(outcome.label(), 1);
  }
}
