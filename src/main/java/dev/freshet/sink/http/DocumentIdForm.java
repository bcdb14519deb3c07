package dev.freshet.sink.http;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Under which id the service knows a document. */
enum DocumentIdForm {
  /**
   * The bare key, as the consumer that Freshet replaces sent it; says nothing of the table. A key
   * of one column is its value, whatever is in it.
   */
  KEY {
    @Override
    String of(DocumentId document) {
      return document.key().size() == 1 ? document.key().get(0) : document.joinedKey();
    }

    @Override
    Stream<DocumentId> documents(String id, TableId table) {
      return Stream.of(new DocumentId(table, List.of(id)), DocumentId.of(table, id));
    }
  },
  /** {@code schema.table/key}. */
  TABLE_KEY {
    @Override
    String of(DocumentId document) {
      return document.toString();
    }

    @Override
    Stream<DocumentId> documents(String id, TableId table) {
      String start = table + "/";
      return id.startsWith(start)
          ? Stream.of(DocumentId.of(table, id.substring(start.length())))
          : Stream.empty();
    }
  };

  abstract String of(DocumentId document);

  /** The documents of the table that the id may name. */
  abstract Stream<DocumentId> documents(String id, TableId table);

  /** The word that the configuration uses, such as {@code table-key}. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
