package dev.freshet.sink.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.document.TableMapping;
import dev.freshet.document.TableMappings;
import dev.freshet.index.Condition;
import dev.freshet.index.FilterTerms;
import dev.freshet.index.Hit;
import dev.freshet.index.MetadataSelection;
import dev.freshet.index.TermFilter;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.LedgerView;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.search.Explanation;
import dev.freshet.search.SearchEngine;
import dev.freshet.search.SearchMode;
import dev.freshet.search.SearchQuery;
import dev.freshet.search.UnsupportedSearchException;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks the LlamaIndex service, where it offers a query. Hits of documents that Freshet did not send
 * are left out: nothing is known of their table, their position or their time. A hit's ordinal is 0
 * always, because the service does not say which of the document's segments it is. A filter is
 * applied to what the ledger knows of each hit, too: a service may ignore it, or compare otherwise.
 */
final class HttpSearchEngine implements SearchEngine {

  private static final Set<Integer> NOT_OFFERED = Set.of(404, 405, 501);
  private static final Set<Integer> NOT_UNDERSTOOD = Set.of(400, 415, 422);

  private final LlamaIndexService service;
  private final DocumentLedger ledger;
  private final DocumentIdForm form;
  private final TableMappings mappings;

  HttpSearchEngine(
      LlamaIndexService service,
      DocumentLedger ledger,
      DocumentIdForm form,
      TableMappings mappings) {
    this.service = service;
    this.ledger = ledger;
    this.form = form;
    this.mappings = mappings;
  }

  @Override
  public Set<SearchMode> modes() {
    return Set.of(SearchMode.VECTOR);
  }

  @Override
  public List<Hit> search(SearchQuery query) throws UnsupportedSearchException {
    refuseUnsupported(query);
    HttpResponse<byte @Nullable []> response = service.query(request(query));
    int status = response.statusCode();
    if (NOT_OFFERED.contains(status) || NOT_UNDERSTOOD.contains(status)) {
      throw new UnsupportedSearchException(
          "the LlamaIndex service at %s answers %d to POST /query: %s"
              .formatted(
                  service.base(),
                  status,
                  NOT_OFFERED.contains(status)
                      ? "it offers no search"
                      : "it does not understand query, top_k and filters"));
    }
    if (status < 200 || status >= 300) {
      throw service.unavailable(response);
    }
    byte[] body = response.body();
    if (body == null) {
      throw new UnsupportedSearchException(
          "the LlamaIndex service at %s answers a query with more than %d bytes; ask for fewer hits"
              .formatted(service.base(), LlamaIndexService.MOST_BYTES));
    }
    return hits(QueryAnswer.parse(body), query);
  }

  /** The service answers its best hits only. */
  @Override
  public Explanation explain(DocumentId document, SearchQuery query)
      throws UnsupportedSearchException {
    throw new UnsupportedSearchException(
        "the document was sent to the LlamaIndex service at %s, which does not tell how it ranks"
                .formatted(service.base())
            + " what it leaves out; ask it by GET /search with a larger k");
  }

  private static void refuseUnsupported(SearchQuery query) throws UnsupportedSearchException {
    if (query.mode() != SearchMode.VECTOR) {
      throw new UnsupportedSearchException(
          "the LlamaIndex service searches by vectors only; leave out the mode");
    }
    if (query.exact()) {
      throw new UnsupportedSearchException(
          "the LlamaIndex service has no exact search; leave out exact");
    }
  }

  private static ObjectNode request(SearchQuery query) {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    request.put("query", query.text()).put("top_k", query.scope().limit());
    if (query.scope().filter() != null) {
      request.set("filters", MetadataFilters.of(query.scope().filter()));
    }
    return request;
  }

  private List<Hit> hits(List<QueryAnswer> answers, SearchQuery query) {
    Known known = known(answers);
    Predicate<DocumentState> filter = filter(query.scope().filter());
    return answers.stream()
        .map(answer -> hit(answer, known, query, filter))
        .flatMap(Optional::stream)
        .filter(hit -> hit.score() >= query.minScore())
        .limit(query.scope().limit())
        .toList();
  }

  /** What the ledger says of the documents that the answers may mean. */
  private record Known(ServiceNote note, LedgerView documents) {}

  private Known known(List<QueryAnswer> answers) {
    var note = ServiceNote.read(ledger.notes(), form);
    var documents = new HashSet<DocumentId>();
    answers.forEach(answer -> documents(answer, note).forEach(documents::add));
    return new Known(note, ledger.read(documents, Set.of()));
  }

  private Stream<DocumentId> documents(QueryAnswer answer, ServiceNote note) {
    return answer.ids().stream()
        .flatMap(id -> note.tables().stream().flatMap(table -> form.documents(id, table)));
  }

  private Optional<Hit> hit(
      QueryAnswer answer, Known known, SearchQuery query, Predicate<DocumentState> filter) {
    Predicate<DocumentId> inScope =
        id -> query.scope().table() == null || query.scope().table().equals(id.table());
    return documents(answer, known.note())
        .filter(inScope)
        .map(known.documents().documents()::get)
        .filter(Objects::nonNull)
        .filter(document -> !document.state().deleted())
        .filter(document -> filter.test(document.state()))
        .findFirst()
        .map(document -> hit(answer, document))
        .map(hit -> hit.with(chosen(hit.metadata(), query.metadata())));
  }

  private Predicate<DocumentState> filter(@Nullable Condition condition) {
    if (condition == null) {
      return document -> true;
    }
    TermFilter terms = FilterTerms.of(condition);
    return document -> terms.holds(FilterTerms.of(metadata(document)));
  }

  private ObjectNode metadata(DocumentState document) {
    TableMapping mapping =
        mappings.configured(document.id().table()).orElse(TableMappings.UNCONFIGURED);
    return mapping.metadata(document.values());
  }

  private static @Nullable ObjectNode chosen(
      @Nullable ObjectNode metadata, MetadataSelection selection) {
    return metadata == null || selection.columns() == null
        ? metadata
        : metadata.retain(selection.columns());
  }

  private static Hit hit(QueryAnswer answer, StoredDocument document) {
    return new Hit(
        document.state().id(),
        0,
        answer.text(),
        answer.score(),
        answer.metadata(),
        document.state().origin(),
        document.indexedAt());
  }
}
