package dev.freshet.wiring;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A URL without what may be secret in it. It keeps the scheme, the hosts and the ports, the name of
 * a database or a virtual host, and {@code sslmode}. A password may hold any sign, also one that
 * ought to be encoded: what cannot be told apart for certain is left out as a whole.
 */
final class MaskedUrl {

  private static final String HOST = "(?:[a-z0-9._-]+|\\[[0-9a-f:.]+])(?::[0-9]{1,5})?";

  /** An @ behind the first slash or question mark may be one of a password, or may not. */
  private static final Pattern PARTS =
      Pattern.compile(
          "((?:jdbc:)?[a-z][a-z0-9+.-]*)://(?:[^/?#]*@)?(%s(?:,%s)*)(/[^?#@]*)?(\\?[^#@]*)?"
              .formatted(HOST, HOST),
          Pattern.CASE_INSENSITIVE);

  private static final Pattern NAME = Pattern.compile("/[A-Za-z0-9_.%-]*");
  private static final Pattern SSL_MODE =
      Pattern.compile(
          "[?&](sslmode=(?:disable|allow|prefer|require|verify-ca|verify-full))(?=&|$)");

  private MaskedUrl() {}

  /** Empty where nothing of it can be shown. */
  static Optional<String> of(String url) {
    Matcher parts = PARTS.matcher(url.strip());
    return parts.matches()
        ? Optional.of(
            parts.group(1)
                + "://"
                + parts.group(2)
                + path(parts.group(1), Optional.ofNullable(parts.group(3)).orElse(""))
                + query(Optional.ofNullable(parts.group(4)).orElse("")))
        : Optional.empty();
  }

  /** The path of a web service may hold a key. */
  private static String path(String scheme, String path) {
    boolean isWeb = scheme.toLowerCase(Locale.ROOT).startsWith("http");
    boolean isName = isWeb ? path.length() <= 1 : NAME.matcher(path).matches();
    return path.isEmpty() || isName ? path : "/…";
  }

  private static String query(String query) {
    Matcher mode = SSL_MODE.matcher(query);
    String kept = mode.find() ? "?" + mode.group(1) : "";
    boolean isAll = query.length() <= Math.max(1, kept.length());
    return isAll ? kept : kept.isEmpty() ? "?…" : kept + "&…";
  }
}
