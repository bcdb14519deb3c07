package dev.freshet;

import java.util.regex.Pattern;

/** Text from elsewhere, made fit for one line of a terminal or a log. */
public final class OneLine {

  /** What moves the cursor, ends a line, or turns the direction in which text is read. */
  private static final Pattern UNSAFE =
      Pattern.compile(
          "[\\p{Cc}\\x{2028}\\x{2029}\\x{61C}\\x{200E}\\x{200F}\\x{202A}-\\x{202E}"
              + "\\x{2066}-\\x{2069}]+");

  private OneLine() {}

  /** The text with a blank in the place of each run of such characters. */
  public static String of(String text) {
    return UNSAFE.matcher(text).replaceAll(" ");
  }
}
