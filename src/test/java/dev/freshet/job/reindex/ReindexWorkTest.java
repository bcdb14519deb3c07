package dev.freshet.job.reindex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.freshet.RejectionReason;
import dev.freshet.changeevent.ArrivalPosition;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.ColumnVersion;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentChange.Rerender;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.document.Rendering;
import dev.freshet.document.Renderings;
import dev.freshet.document.TableMapping;
import dev.freshet.document.TableMappings;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.freshness.PresentRenderings;
import dev.freshet.job.JobFailedException;
import dev.freshet.job.JobOutput;
import dev.freshet.job.Progress;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.sink.Outcome;
import dev.freshet.support.InMemoryLedger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReindexWorkTest {

  private static final TableId PRODUCTS = TableId.parse("public.products");
  private static final Renderings RENDERINGS = new Renderings("of 256 tokens");
  private static final TableMapping PRESENT = mapping("{title} {price}");
  private static final Rendering FORMER = RENDERINGS.of(mapping("{title}"));
  private static final Rendering OLDEST = RENDERINGS.of(mapping("{price}"));
  private static final JsonNode REQUEST = request("public.products");

  private final InMemoryLedger ledger = new InMemoryLedger();
  private final ScriptedOutput output = new ScriptedOutput();
  private final ReindexWork work = work(new TableMappings(Map.of(PRODUCTS, PRESENT)));

  private static TableMapping mapping(String template) {
    return new TableMapping(PRODUCTS, List.of("id"), new ContentTemplate(template), null, Set.of());
  }

  private static JsonNode request(String table) {
    return JsonNodeFactory.instance.objectNode().put("table", table);
  }

  private ReindexWork work(TableMappings mappings) {
    return new ReindexWork(
        ledger, mappings, new PresentRenderings(ledger, mappings, RENDERINGS), output);
  }

  /** Makes documents as a sink does, but for those that a test has an outcome for. */
  private final class ScriptedOutput implements JobOutput {

    private final List<String> applied = new ArrayList<>();
    private final Map<String, Outcome> outcomes = new HashMap<>();

    @Override
    public List<Outcome> write(List<ChangeMessage> messages) {
      throw new AssertionError("a reindex has no messages");
    }

    @Override
    public List<Outcome> apply(List<DocumentChange> changes) {
      return changes.stream().map(change -> apply((Rerender) change)).toList();
    }

    private Outcome apply(Rerender change) {
      String key = change.id().joinedKey();
      applied.add(key);
      Outcome scripted = outcomes.get(key);
      if (scripted == null || scripted instanceof Outcome.Unchanged) {
        made(key, RENDERINGS.of(change.mapping()));
      }
      return scripted == null ? new Outcome.Indexed(3, 1, Instant.EPOCH) : scripted;
    }
  }

  private void made(String key, Rendering by) {
    DocumentId id = DocumentId.of(PRODUCTS, key);
    StoredDocument before = ledger.read(Set.of(id), Set.of()).documents().get(id);
    var origin = new Origin(new ArrivalPosition(1), null, null, null, Instant.EPOCH);
    var column = new ColumnVersion(TextNode.valueOf("x"), origin.position());
    var state = DocumentState.present(id, origin, Map.of("title", column));
    long revision = before == null ? 0 : before.revision();
    try {
      ledger.commit(
          LedgerUpdate.of(
              List.of(
                  new DocumentWrite(
                      state, revision, "c", "m", by, Instant.EPOCH, Instant.EPOCH, 1))));
    } catch (ConcurrentUpdateException e) {
      throw new AssertionError(e);
    }
  }

  private Progress run(Progress from) throws Exception {
    Progress progress = from;
    for (int steps = 0; !progress.ended(); steps++) {
      assertThat(steps).as("steps of %s", progress).isLessThan(100);
      progress = work.step(REQUEST, progress);
    }
    return progress;
  }

  @Test
  void documentsOfEveryFormerRenderingAreMadeAgainOnce() throws Exception {
    for (int key = 1; key <= 250; key++) {
      made(String.valueOf(key), key % 5 == 0 ? OLDEST : FORMER);
    }
    made("present", RENDERINGS.of(PRESENT));

    Progress first = work.step(REQUEST, Progress.START);
    assertThat(first.total()).isEqualTo(250);
    assertThat(first.done()).isZero();
    Progress end = run(first);

    assertThat(output.applied).hasSize(250).doesNotHaveDuplicates().doesNotContain("present");
    assertThat(end.done()).isEqualTo(250);
    assertThat(end.counts()).isEqualTo(Map.of("rendered", 250L, "embedded", 250L));
  }

  @Test
  void aSecondReindexDoesNothing() throws Exception {
    made("1", FORMER);
    run(Progress.START);
    output.applied.clear();

    Progress end = run(Progress.START);
    assertThat(output.applied).isEmpty();
    assertThat(end.counts()).isEmpty();
    assertThat(end.total()).isZero();
  }

  @Test
  void whatBecameOfTheDocumentsIsCounted() throws Exception {
    for (String key : List.of("1", "2", "3", "4", "5", "6")) {
      made(key, FORMER);
    }
    output.outcomes.put("1", new Outcome.Unchanged());
    output.outcomes.put("2", new Outcome.Stale());
    output.outcomes.put("3", new Outcome.Lacking(Set.of("price")));
    output.outcomes.put("4", new Outcome.Rejected(RejectionReason.TOO_LARGE, "too large"));
    output.outcomes.put("5", new Outcome.Lacking(Set.of("price")));

    assertThat(run(Progress.START).counts())
        .isEqualTo(
            Map.of(
                "unchanged",
                1L,
                "stale",
                1L,
                "lacking",
                2L,
                "rejected",
                1L,
                "rendered",
                1L,
                "embedded",
                1L));
    assertThat(output.applied).hasSize(6);
  }

  @Test
  void itGoesOnWhereItWas() throws Exception {
    for (int key = 1; key <= 350; key++) {
      made(String.valueOf(key), FORMER);
    }
    Progress progress = work.step(REQUEST, Progress.START);
    progress = work.step(REQUEST, progress);
    List<String> page = List.copyOf(output.applied);
    Progress once = work.step(REQUEST, progress);
    int applied = output.applied.size();
    // The progress of that step was lost.
    run(progress);

    assertThat(progress.done()).isPositive().isEqualTo(page.size());
    assertThat(once.done()).isGreaterThan(progress.done()).isEqualTo(applied);
    assertThat(output.applied.subList(page.size(), output.applied.size()))
        .doesNotContainAnyElementsOf(page);
    assertThat(ledger.renderings(PRODUCTS, Set.of(RENDERINGS.of(PRESENT)))).isEmpty();
  }

  @Test
  void documentsThatDoNotSayCountAsTheNoteSays() throws Exception {
    new PresentRenderings(
            ledger, new TableMappings(Map.of(PRODUCTS, mapping("{title}"))), RENDERINGS)
        .all();
    made("1", Rendering.UNKNOWN);
    assertThat(run(Progress.START).counts()).containsEntry("rendered", 1L);

    made("2", Rendering.UNKNOWN);
    ledger.notes().write("rendering.public.products", RENDERINGS.of(PRESENT).text());
    output.applied.clear();
    var restarted = work(new TableMappings(Map.of(PRODUCTS, PRESENT)));
    assertThat(restarted.step(REQUEST, Progress.START).ended()).isTrue();
    assertThat(output.applied).isEmpty();
  }

  @Test
  void aTableThatIsNotMappedIsRefusedWithThoseThatAre() {
    for (JsonNode request :
        List.of(request("public.orders"), request(""), JsonNodeFactory.instance.objectNode())) {
      assertThatExceptionOfType(JobFailedException.class)
          .isThrownBy(() -> work.require(request))
          .withMessageContaining("is not a mapped table")
          .withMessageContaining("public.products");
      assertThatExceptionOfType(JobFailedException.class)
          .isThrownBy(() -> work.step(request, Progress.START));
    }
    assertThatExceptionOfType(JobFailedException.class)
        .isThrownBy(() -> work(new TableMappings(Map.of())).require(REQUEST))
        .withMessageContaining("freshet.tables");
  }
}
