package dev.freshet.client;

/** How answers are told to people. */
final class Sentences {

  private Sentences() {}

  static String watermark(IndexFreshness freshness) {
    var text = new StringBuilder("watermark ");
    text.append(freshness.asOfLsn() == null ? "not known" : freshness.asOfLsn());
    if (!freshness.exact()) {
      text.append(", not exact");
    }
    if (freshness.pending() != null) {
      text.append(", pending ").append(freshness.pending());
    }
    Long failed = freshness.failedDocuments();
    return text.append(", failed documents ")
        .append(failed == null ? "not known" : failed)
        .toString();
  }

  static String document(IndexedDocument document) {
    var text = new StringBuilder(document.documentId()).append(" is ").append(document.state());
    if (document.lsn() != null) {
      text.append(" at ").append(document.lsn());
    }
    return document.txId() == null
        ? text.toString()
        : text.append(", transaction ").append(document.txId()).toString();
  }

  /** What came from elsewhere forges no line. */
  static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }
}
