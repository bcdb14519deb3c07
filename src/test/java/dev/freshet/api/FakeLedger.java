package dev.freshet.api;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.document.Rendering;
import dev.freshet.ledger.DeadLetterLedger;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.FailureLedger;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.LedgerView;
import dev.freshet.ledger.NoteLedger;
import dev.freshet.ledger.StoreStatus;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.ledger.TableCoverage;
import dev.freshet.ledger.WatermarkLedger;
import dev.freshet.support.InMemoryDeadLetterLedger;
import dev.freshet.support.InMemoryFailures;
import dev.freshet.support.InMemoryNotes;
import dev.freshet.support.InMemoryWatermarks;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A ledger of documents that a test puts there. */
final class FakeLedger implements DocumentLedger {

  private final InMemoryWatermarks watermarks = new InMemoryWatermarks();
  private final InMemoryNotes notes = new InMemoryNotes();
  private final InMemoryDeadLetterLedger deadLetters = new InMemoryDeadLetterLedger();

  final Map<DocumentId, StoredDocument> documents = new ConcurrentHashMap<>();
  final Map<TableId, Position> truncations = new ConcurrentHashMap<>();
  final InMemoryFailures failures =
      new InMemoryFailures(id -> read(Set.of(id), Set.of(id.table())));
  volatile boolean available = true;

  void reset() {
    documents.clear();
    truncations.clear();
    failures.clear();
    notes.clear();
    available = true;
  }

  @Override
  public LedgerView read(Set<DocumentId> wanted, Set<TableId> tables) {
    if (!available) {
      throw new UnavailableException("the store does not answer");
    }
    return new LedgerView(only(documents, wanted), only(truncations, tables));
  }

  private static <K, V> Map<K, V> only(Map<K, V> all, Set<K> wanted) {
    return all.entrySet().stream()
        .filter(entry -> wanted.contains(entry.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  @Override
  public List<DocumentId> documentsOf(TableId table) {
    return documents.keySet().stream().filter(id -> id.table().equals(table)).toList();
  }

  @Override
  public void commit(LedgerUpdate update) {
    throw new AssertionError("the API changes nothing");
  }

  @Override
  public List<StoredDocument> withPast(Instant indexedBefore, int limit) {
    return List.of();
  }

  @Override
  public List<TableCoverage> coverage() {
    return List.of();
  }

  @Override
  public List<StoredDocument> page(TableId table, @Nullable DocumentId after, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<StoredDocument> renderedBy(
      TableId table, Rendering rendering, @Nullable DocumentId after, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Map<Rendering, Long> renderings(TableId table, Set<Rendering> except) {
    return Map.of();
  }

  @Override
  public int forgetTombstones(Instant deletedBefore) {
    throw new UnsupportedOperationException();
  }

  @Override
  public WatermarkLedger watermarks() {
    return watermarks;
  }

  @Override
  public FailureLedger failures() {
    return failures;
  }

  @Override
  public DeadLetterLedger deadLetters() {
    return deadLetters;
  }

  @Override
  public NoteLedger notes() {
    return notes;
  }

  @Override
  public StoreStatus status() {
    return new StoreStatus(available, "");
  }

  @Override
  public void close() {}
}
