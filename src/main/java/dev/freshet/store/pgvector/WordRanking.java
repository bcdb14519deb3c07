package dev.freshet.store.pgvector;

import dev.freshet.store.pgvector.WordStatistics.Frequencies;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How the words of a query rank segments: by BM25, which knows how common a word is, how often it
 * stands in a segment, and how long that is.
 *
 * <p>The rarest words bring the segments that are compared, and common words only count in these:
 * the many segments that have nothing but common words of a question are not looked at, unless
 * there is nothing better. {@code ts_rank} of a single word with weights of 1 is {@code sum(1 /
 * i²)} for i from 1 to the number of its occurrences, divided by {@code pi² / 6}, from which this
 * number is found again; nothing else in PostgreSQL tells it without taking the whole vector apart.
 *
 * @see <a href="https://doi.org/10.1561/1500000019">Robertson and Zaragoza, 2009</a>
 */
final class WordRanking {

  /** As Lucene has them. */
  private static final double SATURATION = 1.2;

  private static final double LENGTH_WEIGHT = 0.75;

  /** The words that are the most common of a longer query count for nothing. */
  private static final int MOST_WORDS = 64;

  /** So many segments are compared at first. */
  private static final double FEW_SEGMENTS = 4_000;

  private record RankedWord(String quoted, double segments, double weight) {}

  private final List<RankedWord> rarestFirst;
  private final double averageLength;

  WordRanking(Frequencies frequencies) {
    this.averageLength = frequencies.averageLength();
    this.rarestFirst =
        frequencies.byWord().entrySet().stream()
            .sorted(
                Map.Entry.<String, Double>comparingByValue()
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(MOST_WORDS)
            .map(word -> ranked(word.getKey(), word.getValue(), frequencies.segments()))
            .toList();
  }

  private static RankedWord ranked(String word, double segments, double all) {
    double others = Math.max(0, all - segments);
    return new RankedWord(
        WordVector.quoted(word), segments, Math.log1p((others + 0.5) / (segments + 0.5)));
  }

  /** How many words there are. */
  int count() {
    return rarestFirst.size();
  }

  /** How many of the rarest words bring enough segments at first. */
  int atFirst() {
    return atLeast(1, FEW_SEGMENTS);
  }

  /** How many bring many more segments than so many do. */
  int after(int words) {
    return atLeast(words + 1, 4 * segments(words));
  }

  private int atLeast(int words, double segments) {
    int enough = words;
    while (enough < count() && segments(enough + 1) <= segments) {
      enough++;
    }
    return Math.min(enough, count());
  }

  private double segments(int words) {
    return rarestFirst.stream().limit(words).mapToDouble(RankedWord::segments).sum();
  }

  /** Matches the segments that have one of so many rarest words; a tsquery. */
  String anyOf(int words) {
    return rarestFirst.stream()
        .limit(words)
        .map(RankedWord::quoted)
        .collect(Collectors.joining(" | "));
  }

  /** The words as columns, each a tsquery that is read once. */
  String columns() {
    return IntStream.range(0, count())
        .mapToObj(i -> "CAST(:word%d AS tsquery) AS word%d".formatted(i, i))
        .collect(Collectors.joining(", "));
  }

  /** The score of the row {@code w}, from {@link #columns}; the same for equal rows. */
  String score() {
    return IntStream.range(0, count())
        .mapToObj(WordRanking::share)
        .collect(Collectors.joining("\n + "));
  }

  /** Of an occurrence count n it is weight * n / (n + damping); exactly 0 where n is 0. */
  private static String share(int word) {
    String damping = "(:shortest + :perWord * w.length)";
    String occurrences =
        """
        round(CAST(0.6079271018540267 AS double precision)
          / (1 - ts_rank(CAST(ARRAY[1, 1, 1, 1] AS real[]), w.words, word%d)) - 0.5)"""
            .formatted(word);
    return ":weight%d * (1 - %s / (%s + %s))".formatted(word, damping, damping, occurrences);
  }

  Map<String, Object> parameters() {
    var parameters = new HashMap<String, Object>();
    parameters.put("shortest", SATURATION * (1 - LENGTH_WEIGHT));
    parameters.put("perWord", SATURATION * LENGTH_WEIGHT / averageLength);
    for (int i = 0; i < count(); i++) {
      parameters.put("word" + i, rarestFirst.get(i).quoted());
      parameters.put("weight" + i, rarestFirst.get(i).weight());
    }
    return parameters;
  }
}
