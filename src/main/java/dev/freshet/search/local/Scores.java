package dev.freshet.search.local;

import java.util.Locale;

/** Scores for people to read. */
final class Scores {

  private Scores() {}

  static String text(double score) {
    return String.format(Locale.ROOT, "%.4f", score);
  }
}
