package dev.freshet.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;

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

  /** A connection that is refused says nothing of itself. */
  static String unreachable(String url, IOException failure) {
    String reason = "the connection fails";
    if (failure instanceof HttpTimeoutException) {
      reason = "it does not answer in time";
    } else if (failure instanceof ConnectException) {
      reason =
          failure.getCause() != null
                  && failure.getCause().getCause() instanceof UnresolvedAddressException
              ? "the host name is not known"
              : "the connection is refused";
    } else if (failure.getMessage() != null) {
      reason = failure.getMessage();
    }
    return "the service cannot be reached at " + url + ": " + reason;
  }

  /** What came from elsewhere forges no line, and turns no text around. */
  static String oneLine(String text) {
    return text.replaceAll(
        "[\\p{Cc}\\x{2028}\\x{2029}\\x{61C}\\x{200E}\\x{200F}\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}]+",
        " ");
  }
}
