package dev.freshet.job.drift;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.ledger.StoredDocument;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a table's documents that are not deleted, in an order of their ids that stays. */
@FunctionalInterface
public interface StoredDocuments {

  /**
   * @param after the last document of the page before; null at first
   * @param limit the most to answer; of large documents fewer, but none only at the end
   */
  List<StoredDocument> page(TableId table, @Nullable DocumentId after, int limit);
}
