package dev.freshet.api;

import dev.freshet.api.KnownDocument.State;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.freshness.WatermarkTracker;
import dev.freshet.index.SegmentIndex;
import dev.freshet.ledger.DocumentFailure;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.LedgerView;
import dev.freshet.ledger.StoredDocument;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells what the index knows of one document. */
@Controller("/documents")
@ExecuteOn(TaskExecutors.BLOCKING)
final class DocumentController {

  private static final List<String> NAMES =
      Stream.concat(WaitParameters.NAMES.stream(), Stream.of("txId")).toList();

  private final DocumentLedger ledger;
  private final @Nullable SegmentIndex index;
  private final WatermarkTracker tracker;
  private final FreshAnswers answers;
  private final WaitParameters waits;
  private final IgnoredRows ignored;

  /**
   * @param index null where no segments are kept here
   */
  DocumentController(
      DocumentLedger ledger,
      @Nullable SegmentIndex index,
      WatermarkTracker tracker,
      FreshAnswers answers,
      WaitParameters waits,
      IgnoredRows ignored) {
    this.ledger = ledger;
    this.index = index;
    this.tracker = tracker;
    this.answers = answers;
    this.waits = waits;
    this.ignored = ignored;
  }

  // Without a pattern of its own a variable ends at a plus sign, an ampersand, a bracket ...
  @Get("/{table:[^/]+}/{key:[^/]+}")
  CompletableFuture<DocumentStatus> find(HttpRequest<?> request) {
    var parameters = QueryParameters.of(request.getParameters(), NAMES);
    DocumentId id = ignored.named(documentId(request.getUri().getRawPath().split("/", -1)));
    WaitRequest wait = waits.readOfDocument(parameters);
    WaitRequest possible = ignored.all(id.table()) ? wait.withoutTransaction() : wait;
    return answers.answer(possible, id, freshness -> answer(id, freshness));
  }

  private DocumentStatus answer(DocumentId id, FreshnessBlock freshness) {
    // What is on its way first, then the failure: a commit between the looks ends both, and the
    // last look sees that.
    Optional<Origin> received = tracker.received(id);
    Optional<DocumentFailure> noted = ledger.failures().failureOf(id);
    LedgerView view = ledger.read(Set.of(id), Set.of(id.table()));
    KnownDocument known = KnownDocument.of(id, view, index);
    Optional<DocumentFailureStatus> failure =
        noted
            .filter(one -> one.isOpen(view))
            .map(one -> DocumentFailureStatus.of(one, known.state() == State.INDEXED));
    return new DocumentStatus(
        failure.isEmpty() && known.state() == State.UNKNOWN ? orIgnored(known) : known,
        failure.orElse(null),
        received
            .filter(origin -> isNewer(origin, view.documents().get(id)))
            .map(DocumentStatus.ReceivedChange::of)
            .orElse(null),
        freshness);
  }

  private KnownDocument orIgnored(KnownDocument unknown) {
    return ignored
        .reason(unknown.id().table())
        .<KnownDocument>map(why -> new KnownDocument.Ignored(unknown.id(), why))
        .orElse(unknown);
  }

  private static boolean isNewer(Origin origin, @Nullable StoredDocument stored) {
    return stored == null || origin.position().supersedes(stored.state().position());
  }

  /**
   * Reads the id of a document.
   *
   * @param path ends with the table and the key
   */
  static DocumentId documentId(String[] path) {
    String table = decoded("table", path[path.length - 2]);
    String key = decoded("key", path[path.length - 1]);
    TableId tableId = QueryParameters.read("table", () -> TableId.parse(table));
    return DocumentId.of(tableId, key);
  }

  /** The framework takes a {@code +} in a path for a space, as only a query has it. */
  private static String decoded(String name, String segment) {
    String text = URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    return QueryParameters.refuseNull(name, text);
  }
}
