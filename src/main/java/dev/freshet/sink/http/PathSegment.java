package dev.freshet.sink.http;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Percent-encodes a text so that it is one segment of a path.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3986#section-2.3">RFC 3986, 2.3</a>
 */
final class PathSegment {

  private static final String UNRESERVED = "-._~";

  private PathSegment() {}

  static String encode(String text) {
    var encoded = new StringBuilder();
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      if (isUnreserved(octet) && !isDots(text)) {
        encoded.append((char) octet);
      } else {
        encoded.append(String.format(Locale.ROOT, "%%%02X", octet));
      }
    }
    return encoded.toString();
  }

  private static boolean isUnreserved(byte octet) {
    return (octet >= 'a' && octet <= 'z')
        || (octet >= 'A' && octet <= 'Z')
        || (octet >= '0' && octet <= '9')
        || UNRESERVED.indexOf(octet) >= 0;
  }

  /** These two mean this folder and the one above. */
  private static boolean isDots(String text) {
    return ".".equals(text) || "..".equals(text);
  }
}
