package dev.freshet.search;

import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.ledger.DocumentFailure;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.LedgerView;
import dev.freshet.ledger.StoredDocument;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells why a search finds a document, or does not: the state of the document first, then what the
 * search makes of it.
 */
public final class Explainer {

  /** A document may change while it is looked at. */
  private static final int ATTEMPTS = 3;

  private final DocumentLedger ledger;
  private final @Nullable SearchEngine engine;

  /**
   * Makes an explainer.
   *
   * @param engine null where the sink has none
   */
  public Explainer(DocumentLedger ledger, @Nullable SearchEngine engine) {
    this.ledger = ledger;
    this.engine = engine;
  }

  /**
   * Explains what the query makes of the document.
   *
   * @throws UnsupportedSearchException when only the search could tell, and this sink's does not
   */
  public Explanation explain(DocumentId id, SearchQuery query) throws UnsupportedSearchException {
    for (int attempt = 1; ; attempt++) {
      // The failure first: a commit between the two heals it, and the second look sees that.
      Optional<DocumentFailure> failure = ledger.failures().failureOf(id);
      LedgerView view = view(id);
      Optional<Explanation> state = state(id, failure.filter(one -> one.isOpen(view)), view);
      if (state.isPresent()) {
        return state.get();
      }
      Explanation explanation = ranked(id, query);
      if (attempt == ATTEMPTS || view(id).equals(view)) {
        return explanation;
      }
    }
  }

  private LedgerView view(DocumentId id) {
    return ledger.read(Set.of(id), Set.of(id.table()));
  }

  private Explanation ranked(DocumentId id, SearchQuery query) throws UnsupportedSearchException {
    TableId table = Optional.ofNullable(query.scope().table()).orElse(id.table());
    if (!table.equals(id.table())) {
      return Explanation.of(
          Verdict.OTHER_TABLE,
          "The search looks in %s only, and the document is of %s.".formatted(table, id.table()));
    }
    if (engine == null) {
      throw new UnsupportedSearchException("the active sink cannot search");
    }
    return engine.explain(id, query);
  }

  /** Empty when the document, in its newest version, is searchable. */
  private static Optional<Explanation> state(
      DocumentId id, Optional<DocumentFailure> failure, LedgerView view) {
    StoredDocument stored = view.documents().get(id);
    Position truncated = view.truncations().get(id.table());
    boolean gone =
        stored == null || (truncated != null && !stored.state().position().supersedes(truncated));
    if (failure.isPresent()) {
      boolean searchable = !gone && stored != null && isSearchable(stored.state());
      return Optional.of(failed(failure.get(), searchable));
    }
    if (gone || stored == null) {
      return Optional.of(truncated == null ? unknown() : truncated(id.table(), truncated));
    }
    return isSearchable(stored.state()) ? Optional.empty() : Optional.of(absent(stored.state()));
  }

  private static boolean isSearchable(DocumentState state) {
    return !state.deleted() && state.complete();
  }

  private static Explanation failed(DocumentFailure failure, boolean olderSearchable) {
    return Explanation.of(
        Verdict.FAILED,
        "Its newest change, at %s, was dead-lettered at %s (%s: %s), and %s."
            .formatted(
                place(failure.position()),
                failure.failedAt(),
                failure.reason().label(),
                failure.detail(),
                olderSearchable
                    ? "only an older version of it is searchable"
                    : "no older version of it is searchable"));
  }

  private static Explanation unknown() {
    return Explanation.of(
        Verdict.UNKNOWN, "No change of the document was ever applied to the index.");
  }

  private static Explanation truncated(TableId table, Position truncated) {
    return Explanation.of(
        Verdict.DELETED,
        "The whole table %s was truncated at %s, and nothing newer of the document came."
            .formatted(table, place(truncated)));
  }

  private static Explanation absent(DocumentState state) {
    return state.deleted()
        ? Explanation.of(
            Verdict.DELETED,
            "The document was deleted by the change at %s.".formatted(change(state)))
        : Explanation.of(
            Verdict.PENDING,
            "The document's newest change, at %s, leaves out the unchanged values of %s, and the"
                    .formatted(change(state), String.join(", ", new TreeSet<>(state.missing())))
                + " change that has them has not arrived yet.");
  }

  private static String change(DocumentState state) {
    Origin origin = state.origin();
    return origin.committedAt() == null
        ? place(origin.position())
        : place(origin.position()) + ", committed at " + origin.committedAt();
  }

  private static String place(Position position) {
    return Lsn.of(position).map(lsn -> "LSN " + lsn).orElseGet(position::sortKey);
  }
}
