package dev.freshet.document;

import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/**
 * Texts without what no model reads: data URIs, and runs of letters and digits, such as base64,
 * that nothing breaks for a thousand characters.
 */
public final class LegibleText {

  /** Longer than any word, path, token or hash. */
  public static final int LONGEST_RUN = 1_000;

  private static final Pattern DATA_URI =
      Pattern.compile(
          "data:[a-z]{1,20}/[a-z0-9.+-]{1,80}(?:;[a-z0-9=._-]{1,80}){0,8},[^\\s\"'<>)]*+",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern RUN =
      Pattern.compile("(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/=_-]{%d,}+".formatted(LONGEST_RUN + 1));

  private static final LongAdder LEFT_OUT = new LongAdder();

  private LegibleText() {}

  static String of(String text) {
    String legible = DATA_URI.matcher(text).replaceAll("");
    legible = legible.length() > LONGEST_RUN ? RUN.matcher(legible).replaceAll("") : legible;
    LEFT_OUT.add((long) text.length() - legible.length());
    return legible;
  }

  /** How many characters were left out of texts since the start of the process. */
  public static long leftOut() {
    return LEFT_OUT.sum();
  }
}
