package dev.freshet.support;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.document.NewestWins;
import dev.freshet.document.Rendering;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DeadLetterLedger;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.LedgerView;
import dev.freshet.ledger.NoteLedger;
import dev.freshet.ledger.PageInMemory;
import dev.freshet.ledger.PastWrite;
import dev.freshet.ledger.StateJson;
import dev.freshet.ledger.StoreStatus;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.ledger.TableCoverage;
import dev.freshet.ledger.TableTruncation;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A ledger that forgets everything with the process. */
public final class InMemoryLedger implements DocumentLedger {

  private final Map<DocumentId, StoredDocument> documents = new HashMap<>();
  private final Map<TableId, Position> truncations = new HashMap<>();
  private final InMemoryFailures failures =
      new InMemoryFailures(id -> read(Set.of(id), Set.of(id.table())));
  private final InMemoryWatermarks watermarks = new InMemoryWatermarks();
  private final InMemoryNotes notes = new InMemoryNotes();
  private final InMemoryDeadLetterLedger deadLetters = new InMemoryDeadLetterLedger();
  private int commits;
  private boolean failing;

  @Override
  public synchronized LedgerView read(Set<DocumentId> ids, Set<TableId> tables) {
    var found = new HashMap<>(documents);
    found.keySet().retainAll(ids);
    var truncated = new HashMap<>(truncations);
    truncated.keySet().retainAll(tables);
    return new LedgerView(found, truncated);
  }

  @Override
  public synchronized List<DocumentId> documentsOf(TableId table) {
    return documents.values().stream()
        .map(StoredDocument::state)
        .filter(state -> state.id().table().equals(table) && !state.deleted())
        .map(state -> state.id())
        .toList();
  }

  @Override
  public synchronized void commit(LedgerUpdate update) throws ConcurrentUpdateException {
    if (failing) {
      throw new UnavailableException("the ledger was told to fail");
    }
    update.requireBasedOn(read(update.ids(), update.tables()));
    update.truncations().forEach(this::truncate);
    update.documents().forEach(this::write);
    update.pasts().forEach(this::write);
    failures.heal(update);
    commits++;
  }

  private void truncate(TableTruncation truncation) {
    truncations.put(truncation.table(), truncation.position());
    documents
        .values()
        .removeIf(
            stored ->
                stored.state().id().table().equals(truncation.table())
                    && NewestWins.unlessTruncated(stored.state(), truncation.position()) == null);
  }

  private void write(DocumentWrite write) {
    documents.put(
        write.state().id(),
        new StoredDocument(
            write.state(),
            write.expectedRevision() + 1,
            write.contentHash(),
            write.metadataHash(),
            write.renderedBy(),
            write.indexedAt(),
            write.embeddedAt(),
            write.embedded()));
  }

  private void write(PastWrite write) {
    documents.computeIfPresent(
        write.state().id(),
        (id, stored) ->
            new StoredDocument(
                write.state(),
                write.expectedRevision() + 1,
                stored.contentHash(),
                stored.metadataHash(),
                stored.renderedBy(),
                stored.indexedAt(),
                stored.embeddedAt(),
                stored.embedded()));
  }

  /** How many updates were committed. */
  public synchronized int commits() {
    return commits;
  }

  /** From now on no update can be committed: what a crash before the commit looks like. */
  public synchronized void failCommits() {
    failing = true;
  }

  public synchronized void takeCommits() {
    failing = false;
  }

  @Override
  public synchronized List<StoredDocument> withPast(Instant indexedBefore, int limit) {
    return documents.values().stream()
        .filter(stored -> !stored.state().past().versions().isEmpty())
        .filter(stored -> stored.indexedAt().isBefore(indexedBefore))
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<StoredDocument> page(
      TableId table, @Nullable DocumentId after, int limit) {
    return page(table, stored -> !stored.state().deleted(), after, limit);
  }

  @Override
  public synchronized List<StoredDocument> renderedBy(
      TableId table, Rendering rendering, @Nullable DocumentId after, int limit) {
    return page(
        table,
        stored -> !stored.contentHash().isEmpty() && stored.renderedBy().equals(rendering),
        after,
        limit);
  }

  private List<StoredDocument> page(
      TableId table, Predicate<StoredDocument> wanted, @Nullable DocumentId after, int limit) {
    var page = new PageInMemory(limit);
    documents.values().stream()
        .filter(wanted)
        .filter(stored -> stored.state().id().table().equals(table))
        .filter(stored -> after == null || stored.state().id().compareTo(after) > 0)
        .sorted(Comparator.comparing(stored -> stored.state().id()))
        .takeWhile(stored -> !page.isFull())
        .forEachOrdered(
            stored -> page.add(stored, StateJson.of(stored.state()).columns().length()));
    return page.documents();
  }

  @Override
  public synchronized Map<Rendering, Long> renderings(TableId table, Set<Rendering> except) {
    return documents.values().stream()
        .filter(stored -> stored.state().id().table().equals(table))
        .filter(stored -> !stored.contentHash().isEmpty())
        .map(StoredDocument::renderedBy)
        .filter(rendering -> !except.contains(rendering))
        .collect(Collectors.groupingBy(rendering -> rendering, Collectors.counting()));
  }

  @Override
  public synchronized int forgetTombstones(Instant deletedBefore) {
    int before = documents.size();
    documents
        .values()
        .removeIf(
            document -> document.state().deleted() && document.indexedAt().isBefore(deletedBefore));
    return before - documents.size();
  }

  @Override
  public synchronized List<TableCoverage> coverage() {
    var tables = new TreeSet<>(truncations.keySet());
    documents.keySet().forEach(id -> tables.add(id.table()));
    failures.all().forEach(failure -> tables.add(failure.id().table()));
    return tables.stream().map(this::coverage).toList();
  }

  private TableCoverage coverage(TableId table) {
    List<StoredDocument> stored =
        documents.values().stream().filter(one -> one.state().id().table().equals(table)).toList();
    long deleted = stored.stream().filter(one -> one.state().deleted()).count();
    return new TableCoverage(
        table,
        stored.size() - deleted,
        deleted,
        failures.all().stream().filter(one -> one.id().table().equals(table)).count(),
        newest(stored.stream().map(one -> one.state().origin().committedAt())),
        newest(stored.stream().map(StoredDocument::indexedAt)));
  }

  private static @Nullable Instant newest(Stream<@Nullable Instant> times) {
    return times.filter(Objects::nonNull).max(Comparator.naturalOrder()).orElse(null);
  }

  @Override
  public InMemoryFailures failures() {
    return failures;
  }

  @Override
  public InMemoryWatermarks watermarks() {
    return watermarks;
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
    return new StoreStatus(true, "the ledger is in memory");
  }

  @Override
  public void close() {}
}
