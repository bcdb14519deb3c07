package dev.freshet.canary;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.freshness.CommitWaits;
import dev.freshet.freshness.TooManyWaitersException;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.freshet.search.SearchEngine;
import dev.freshet.search.SearchMode;
import dev.freshet.search.SearchQuery;
import dev.freshet.search.UnsupportedSearchException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Writes a probe row, and looks until a search finds exactly that version; then deletes it, and
 * looks until none finds it. One probe at a time.
 */
final class Canary {

  private static final long PAUSE_MILLIS = 50;
  private static final int HITS = 10;

  private final ProbeTable probes;
  private final TableId table;
  private final Duration timeout;
  private final CommitWaits waits;
  private final SearchEngine search;
  private final CanaryState state;

  /** Of its own, since several instances may probe one table. */
  private final String key = UUID.randomUUID().toString();

  private final DocumentId document;

  Canary(
      ProbeTable probes,
      CanaryConfiguration configuration,
      CommitWaits waits,
      SearchEngine search,
      CanaryState state) {
    this.probes = probes;
    this.table = configuration.tableId();
    this.timeout = configuration.timeout();
    this.waits = waits;
    this.search = search;
    this.state = state;
    this.document = DocumentId.of(table, key);
  }

  /** Sends one probe through; how that ended stands in the state, unless the service ends first. */
  void probe() throws InterruptedException {
    try {
      probes.clean();
      Optional<Duration> took = write();
      boolean gone = remove();
      if (waits.hasEnded()) {
        return;
      }
      if (took.isEmpty()) {
        state.failed("a probe row was not found within " + timeout.toMillis() + " ms" + hint());
      } else if (!gone) {
        state.failed(
            "a probe row was still found %d ms after its deletion%s"
                .formatted(timeout.toMillis(), hint()));
      } else {
        state.succeeded(took.get());
      }
    } catch (SQLException e) {
      state.failed("the probe row cannot be written to " + table + ": " + e.getMessage());
    } catch (UnsupportedSearchException | RuntimeException | ExecutionException e) {
      state.failed("the probe row cannot be looked for: " + e.getMessage());
    }
  }

  private String hint() {
    return "; " + table + " must be captured, bound and mapped";
  }

  private Optional<Duration> write()
      throws SQLException, InterruptedException, UnsupportedSearchException, ExecutionException {
    String text = "canary " + UUID.randomUUID();
    long txId = probes.write(key, text);
    long committed = System.nanoTime();
    return isSeen(text, txId, hit -> hit.filter(found -> isVersion(found, text, txId)).isPresent())
        ? Optional.of(Duration.ofNanos(System.nanoTime() - committed))
        : Optional.empty();
  }

  private static boolean isVersion(Hit hit, String text, long txId) {
    return hit.text().contains(text) && Objects.equals(hit.origin().txId(), txId);
  }

  private boolean remove()
      throws SQLException, InterruptedException, UnsupportedSearchException, ExecutionException {
    return isSeen("canary", probes.delete(key), Optional::isEmpty);
  }

  /** Looks once the transaction is said to be searchable, and again until it is seen to be. */
  private boolean isSeen(String text, long txId, Predicate<Optional<Hit>> seen)
      throws InterruptedException, UnsupportedSearchException, ExecutionException {
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      if (!waits.awaitTransaction(document, txId, timeout).get()) {
        return false;
      }
    } catch (TooManyWaitersException e) {
      // Then it looks without being woken.
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    while (!seen.test(find(text))) {
      if (System.nanoTime() >= deadline || waits.hasEnded()) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    return true;
  }

  /** By comparing every vector: an approximate index may miss what is there. */
  private Optional<Hit> find(String text) throws UnsupportedSearchException {
    var scope = new SearchScope(HITS, table, null);
    return search.search(new SearchQuery(text, SearchMode.VECTOR, scope, 0, true)).stream()
        .filter(hit -> hit.documentId().equals(document))
        .findFirst();
  }
}
