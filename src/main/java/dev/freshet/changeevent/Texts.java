package dev.freshet.changeevent;

/**
 * Texts that no index can store as they are: PostgreSQL takes no NUL, and half a surrogate pair has
 * no form in UTF-8. Neither comes from a PostgreSQL.
 */
public final class Texts {

  private static final char REPLACEMENT = '\ufffd';

  private Texts() {}

  /** Whether every index can store the text. */
  public static boolean isWhole(String text) {
    return firstFault(text, 0) == text.length();
  }

  /** The text with U+FFFD in the place of what no index can store. */
  public static String whole(String text) {
    int fault = firstFault(text, 0);
    if (fault == text.length()) {
      return text;
    }
    var whole = new StringBuilder(text);
    while (fault < text.length()) {
      whole.setCharAt(fault, REPLACEMENT);
      fault = firstFault(text, fault + 1);
    }
    return whole.toString();
  }

  /** Where the first such character from here on is; the text's length where none is. */
  private static int firstFault(String text, int from) {
    int at = from;
    while (at < text.length()) {
      char character = text.charAt(at);
      boolean pair =
          Character.isHighSurrogate(character)
              && at + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(at + 1));
      if (character == 0 || (Character.isSurrogate(character) && !pair)) {
        return at;
      }
      at += pair ? 2 : 1;
    }
    return at;
  }
}
