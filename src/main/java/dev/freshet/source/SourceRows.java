package dev.freshet.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.feed.ChangeMessage;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of the source beside the feed. Calls throw {@link dev.freshet.UnavailableException}
 * while the source does not answer, and {@link SourceRefusedException} where it never will: the
 * table is unknown, a right is missing, a condition does not fit the table.
 */
public interface SourceRows {

  /**
   * Looks at a mapped table.
   *
   * @param where a condition on the table's columns, in the language of search filters; null for
   *     all rows
   * @return about how many rows it has, or how many the condition takes
   */
  long estimate(TableId table, @Nullable String where) throws SourceRefusedException;

  /**
   * Reads the next rows in the order of the key.
   *
   * @param after the {@link Row#place} of the last row before; null for the first page
   */
  Page page(TableId table, @Nullable String where, @Nullable JsonNode after, int limit)
      throws SourceRefusedException;

  /** Reads the rows of these documents; those that are not there are left out. */
  Page rows(TableId table, Collection<DocumentId> documents) throws SourceRefusedException;

  /** The message of a document whose row a page of this mark has not found. */
  ChangeMessage deletion(TableId table, DocumentId document, Lsn mark);

  /** The end of the log: all that is committed and visible by now lies before it. */
  Lsn end() throws SourceRefusedException;

  /**
   * Rows that one snapshot of the source sees.
   *
   * @param mark where the source's log was before the snapshot: the position of the rows. What the
   *     snapshot does not see has a higher one.
   */
  record Page(Lsn mark, List<Row> rows) {

    public Page {
      rows = List.copyOf(rows);
    }
  }

  /**
   * A row.
   *
   * @param document the document that it becomes
   * @param place where a further page begins
   * @param version another one as soon as anything has updated the row
   * @param message what Debezium's incremental snapshot would publish for it ({@code op} r)
   */
  record Row(DocumentId document, JsonNode place, String version, ChangeMessage message) {}
}
