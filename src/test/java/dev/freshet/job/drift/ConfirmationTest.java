package dev.freshet.job.drift;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.document.Rendering;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.index.Condition;
import dev.freshet.job.Progress;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.LedgerView;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.source.SourceRows;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An index that lags by more than one wait, for as long as the check runs. */
class ConfirmationTest {

  private static final TableId TABLE = new TableId("public", "products");
  private static final DocumentId ID = DocumentId.of(TABLE, "1");
  private static final int WAITS = 4;

  /** Where the source's log ends, and how far the index is: both move with each look. */
  private long end = 100;

  private long applied = 50;

  /** The source has no row. */
  private final class Empty implements SourceRows {

    @Override
    public long estimate(TableId table, @Nullable Condition where) {
      return 0;
    }

    @Override
    public boolean hasRows(TableId table) {
      return false;
    }

    @Override
    public List<String> remarks(TableId table) {
      return List.of();
    }

    @Override
    public Page page(
        TableId table, @Nullable Condition where, @Nullable JsonNode after, int limit) {
      return new Page(new Lsn(end), List.of());
    }

    @Override
    public Page rows(TableId table, Collection<DocumentId> documents) {
      return new Page(new Lsn(end), List.of());
    }

    @Override
    public Present present(TableId table, Collection<DocumentId> documents) {
      return new Present(new Lsn(end), Set.of());
    }

    @Override
    public ChangeMessage deletion(TableId table, DocumentId document, Lsn mark) {
      throw new AssertionError("nothing is repaired");
    }

    @Override
    public Lsn end() {
      return new Lsn(end);
    }
  }

  /** Each wait brings the index on, and the source as far. */
  private final class Lagging implements AppliedCommits {

    @Override
    public Reached await(Lsn place, Duration patience) {
      applied += 50 / WAITS + 1;
      end += 50 / WAITS + 1;
      return new Lsn(applied).compareTo(place) >= 0 ? Reached.YES : Reached.NOT_YET;
    }

    @Override
    public void awaitByTime(Duration time, Duration patience) {
      throw new AssertionError("the watermark is known");
    }
  }

  private static DocumentLedger ledger() {
    var origin =
        new Origin(
            new WalPosition(0, new Lsn(1), false, new Lsn(2)), 7L, null, null, Instant.EPOCH);
    var stored =
        new StoredDocument(
            DocumentState.present(ID, origin, Map.of()),
            1,
            "",
            "",
            Rendering.UNKNOWN,
            Instant.EPOCH,
            null,
            null);
    var view = new LedgerView(Map.of(ID, stored), Map.of());
    return (DocumentLedger)
        Proxy.newProxyInstance(
            ConfirmationTest.class.getClassLoader(),
            new Class<?>[] {DocumentLedger.class},
            (proxy, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("read");
              return view;
            });
  }

  @Test
  void aLagThatStaysDoesNotKeepACheckFromItsEnd() throws Exception {
    var confirmation = new Confirmation(new Lagging(), Duration.ofSeconds(3));
    var rows = new TableRows(new Empty(), null, Clock.systemUTC(), TABLE);
    var documents =
        new TableDocuments(ledger(), (table, after, limit) -> List.of(), null, one -> true);
    Findings findings = Findings.begin(Progress.START, new Lsn(1), Instant.EPOCH);

    int waits = 0;
    Set<DocumentId> orphans = Set.of();
    while (orphans.isEmpty()) {
      try {
        orphans = confirmation.orphans(rows, documents, Set.of(ID), findings).keySet();
      } catch (UnavailableException e) {
        waits++;
        assertThat(waits).isLessThan(2 * WAITS);
      }
    }

    assertThat(orphans).containsExactly(ID);
    assertThat(waits).isPositive();
  }
}
