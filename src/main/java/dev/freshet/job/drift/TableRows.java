package dev.freshet.job.drift;

import dev.freshet.RejectedException;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentChange.Upsert;
import dev.freshet.document.DocumentId;
import dev.freshet.document.MappingResult.Mapped;
import dev.freshet.document.MessageReader;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.source.SourceRefusedException;
import dev.freshet.source.SourceRows;
import dev.freshet.source.SourceRows.Page;
import dev.freshet.source.SourceRows.Row;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rows of one table, and what the present mapping makes of them. */
final class TableRows {

  private final SourceRows source;
  private final MessageReader reader;
  private final Clock clock;
  private final TableId table;

  TableRows(SourceRows source, MessageReader reader, Clock clock, TableId table) {
    this.source = source;
    this.reader = reader;
    this.clock = clock;
    this.table = table;
  }

  /**
   * A row that can be indexed.
   *
   * @param version another one as soon as anything has updated the row
   */
  record Indexable(Upsert change, String version, ChangeMessage message) {}

  /** What is seen of some documents' rows behind a mark. */
  record Look(Lsn mark, Map<DocumentId, Indexable> rows) {}

  TableId table() {
    return table;
  }

  Look look(Collection<DocumentId> documents) throws SourceRefusedException {
    return indexable(source.rows(table, documents));
  }

  /** Those of a page that can be indexed; the others are rejected, whoever reads them. */
  Look indexable(Page page) {
    var rows = new LinkedHashMap<DocumentId, Indexable>();
    for (Row row : page.rows()) {
      read(row.message())
          .filter(Upsert.class::isInstance)
          .map(Upsert.class::cast)
          .filter(upsert -> upsert.row().unavailable().isEmpty())
          .ifPresent(
              upsert -> rows.put(upsert.id(), new Indexable(upsert, row.version(), row.message())));
    }
    return new Look(page.mark(), rows);
  }

  /** The change of a message; empty where it makes none. */
  Optional<DocumentChange> read(ChangeMessage message) {
    try {
      return reader.read(message, clock.instant()).result() instanceof Mapped mapped
          ? Optional.of(mapped.change())
          : Optional.empty();
    } catch (RejectedException e) {
      return Optional.empty();
    }
  }

  SourceRows.Present present(Set<DocumentId> documents) throws SourceRefusedException {
    return source.present(table, documents);
  }

  /** A message by which a document is deleted, and the change that it makes. */
  ChangeMessage deletion(DocumentId document, Lsn mark) {
    return source.deletion(table, document, mark);
  }

  Lsn end() throws SourceRefusedException {
    return source.end();
  }
}
