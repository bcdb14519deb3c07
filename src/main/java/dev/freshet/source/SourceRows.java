package dev.freshet.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.index.Condition;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of the source beside the feed. Calls throw {@link dev.freshet.UnavailableException}
 * while the source does not answer, and {@link SourceRefusedException} where it never will: the
 * table is unknown, a right is missing, a condition does not fit the table.
 */
public interface SourceRows {

  /**
   * Looks at a mapped table, and whether the condition fits it.
   *
   * @param table a table of documents; its rows may be in several tables, or in partitions
   * @param where a condition on the table's columns; null for all rows
   * @return about how many rows it has, or how many the condition takes
   */
  long estimate(TableId table, @Nullable Condition where) throws SourceRefusedException;

  /** Whether the table has any row; costs little, and writes nothing at the source. */
  boolean hasRows(TableId table) throws SourceRefusedException;

  /**
   * What makes the table slow to read, or leaves rows out; one sentence each. Counts the rows that
   * have no key, where its columns may be NULL.
   */
  List<String> remarks(TableId table) throws SourceRefusedException;

  /**
   * Reads the next rows in the order of the key; fewer than the limit where they are large. Rows
   * without a key are left out. The page after the last row is empty.
   *
   * @param after the {@link Row#place} of the last row before; null for the first page
   */
  Page page(TableId table, @Nullable Condition where, @Nullable JsonNode after, int limit)
      throws SourceRefusedException;

  /**
   * Reads the rows of these documents; those that are not there are left out, and so are ids that
   * are no values of the key's types. It may read more than fits into memory if all are large, so
   * ask for few.
   */
  Page rows(TableId table, Collection<DocumentId> documents) throws SourceRefusedException;

  /** Looks which of these documents have a row, whatever is in it. */
  Present present(TableId table, Collection<DocumentId> documents) throws SourceRefusedException;

  /** The message of a document whose row was not there behind this mark. */
  ChangeMessage deletion(TableId table, DocumentId document, Lsn mark);

  /**
   * The end of the log: all that is committed and visible by now lies before it. Something is
   * written behind it, so that whoever follows the log learns that it was reached.
   */
  Lsn end() throws SourceRefusedException;

  /**
   * Rows that one snapshot of the source sees.
   *
   * @param mark where the source's log was before the snapshot: the position of the rows. What the
   *     snapshot does not see has a higher one; what was committed before the mark has a lower one.
   */
  record Page(Lsn mark, List<Row> rows) {

    public Page {
      rows = List.copyOf(rows);
    }
  }

  /**
   * The documents that have a row in one snapshot of the source.
   *
   * @param mark as of a page
   */
  record Present(Lsn mark, Set<DocumentId> documents) {

    public Present {
      documents = Set.copyOf(documents);
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
