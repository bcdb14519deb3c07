package dev.freshet.embedding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** What the model reads at once: a text, or a part of one that is too long. */
final class Window {

  private final int text;
  private final long[] sequence;

  private Window(int text, long[] sequence) {
    this.text = text;
    this.sequence = sequence;
  }

  /** The text's place among those to embed. */
  int text() {
    return text;
  }

  /** Token ids with the special ones; not to be changed. */
  long[] sequence() {
    return sequence;
  }

  /**
   * A text's windows, each as long as the model takes but the last.
   *
   * @param tokens the text's token ids, without the special ones
   */
  static List<Window> of(int text, long[] tokens) {
    int size = MiniLmEmbeddingModel.MAX_TOKENS - MiniLmTokenizer.SPECIAL_TOKENS;
    List<Window> windows = new ArrayList<>();
    int from = 0;
    do {
      int to = Math.min(from + size, tokens.length);
      windows.add(new Window(text, sequence(tokens, from, to)));
      from = to;
    } while (from < tokens.length);
    return windows;
  }

  private static long[] sequence(long[] tokens, int from, int to) {
    long[] sequence = new long[to - from + MiniLmTokenizer.SPECIAL_TOKENS];
    sequence[0] = MiniLmTokenizer.CLASSIFICATION;
    System.arraycopy(tokens, from, sequence, 1, to - from);
    sequence[sequence.length - 1] = MiniLmTokenizer.SEPARATOR;
    return sequence;
  }

  /** How many of the text's own tokens the window holds. */
  int tokens() {
    return sequence.length - MiniLmTokenizer.SPECIAL_TOKENS;
  }

  /**
   * Batches of windows of like length, the longest first, so that little is padded and no long
   * batch is left for the end.
   *
   * @param budget how many tokens a batch holds at most, padding included, unless one window alone
   *     is longer
   */
  static List<List<Window>> batches(List<Window> windows, int budget) {
    Window[] sorted = windows.toArray(Window[]::new);
    Arrays.sort(sorted, Comparator.comparingInt((Window window) -> -window.sequence.length));
    List<List<Window>> batches = new ArrayList<>();
    int from = 0;
    while (from < sorted.length) {
      int rows = Math.max(1, budget / sorted[from].sequence.length);
      int to = Math.min(from + rows, sorted.length);
      batches.add(List.of(sorted).subList(from, to));
      from = to;
    }
    return batches;
  }
}
