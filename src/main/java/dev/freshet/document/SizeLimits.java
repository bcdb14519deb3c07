package dev.freshet.document;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.document.DocumentChange.Upsert;
import dev.freshet.feed.ChangeMessage;

/**
 * How large a message, and the document made of it, may be. A message is not parsed before its size
 * is known to be right: what the parser makes of it takes several times its bytes.
 *
 * @param message in bytes
 * @param document in bytes of UTF-8: the values of the columns that it is made of
 */
public record SizeLimits(long message, long document) {

  /**
   * Checks a message that is not parsed yet.
   *
   * @throws RejectedException when it is too large
   */
  void check(ChangeMessage undecoded) {
    int size = undecoded.body().length;
    if (size > message) {
      throw tooLarge(
          "the message has %d bytes, more than freshet.indexing.max-message-size, which is %d;"
                  .formatted(size, message)
              + " raise it, with memory of about eight times as much, or leave large columns out"
              + " of what is captured (column.exclude.list)");
    }
  }

  /**
   * Checks a document that is not rendered yet.
   *
   * @throws RejectedException when it is too large
   */
  void check(DocumentChange change) {
    if (change instanceof Upsert upsert) {
      long size = upsert.row().values().values().stream().mapToLong(SizeLimits::bytes).sum();
      if (size > document) {
        String table = "freshet.tables." + upsert.table();
        throw tooLarge(
            "the columns that %s is made of have %d bytes, more than".formatted(upsert.id(), size)
                + " freshet.indexing.max-document-size, which is %d; raise it, or leave large"
                    .formatted(document)
                + " columns out of %s.content and %s.metadata".formatted(table, table));
      }
    }
  }

  private static RejectedException tooLarge(String detail) {
    return new RejectedException(RejectionReason.TOO_LARGE, detail);
  }

  private static long bytes(JsonNode value) {
    if (value.isContainerNode()) {
      long sum = 0;
      for (JsonNode element : value) {
        sum += bytes(element);
      }
      return sum;
    }
    if (value.isNumber()) {
      return MetadataValue.digits(value);
    }
    return value.isTextual() ? utf8Length(value.textValue()) : value.asText().length();
  }

  /** Without a copy of the text. */
  private static long utf8Length(String text) {
    long length = 0;
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      // Each half of a surrogate pair stands for two of its four bytes.
      int wide = Character.isSurrogate(character) ? 2 : 3;
      length += character < 0x80 ? 1 : character < 0x800 ? 2 : wide;
    }
    return length;
  }
}
