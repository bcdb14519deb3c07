package dev.freshet.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a job has come.
 *
 * @param cursor where the next step begins; the kind's own, small; a JSON null at the start
 * @param done how many rows or documents the job has passed
 * @param total how many there are, about; null while that is not known
 * @param counts what became of them, by a word such as {@code indexed}; the kind's own
 * @param report what the job has found, in the kind's own form; a JSON null where there is nothing
 * @param ended whether there is no further step
 */
public record Progress(
    JsonNode cursor,
    long done,
    @Nullable Long total,
    Map<String, Long> counts,
    JsonNode report,
    boolean ended) {

  /** Before the first step. */
  public static final Progress START =
      new Progress(NullNode.instance, 0, null, Map.of(), NullNode.instance, false);

  public Progress {
    counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
  }

  /** So many more of this kind. */
  public Progress counting(String word, long more) {
    var sums = new LinkedHashMap<>(counts);
    sums.merge(word, more, Long::sum);
    return new Progress(cursor, done, total, sums, report, ended);
  }

  /** The next step begins here, and so many more rows or documents lie behind it. */
  public Progress at(JsonNode next, long passed) {
    return new Progress(next, done + passed, total, counts, report, ended);
  }

  /** There are about so many; never fewer than lie behind. */
  public Progress of(long all) {
    return new Progress(cursor, done, Math.max(all, done), counts, report, ended);
  }

  public Progress reporting(JsonNode found) {
    return new Progress(cursor, done, total, counts, found, ended);
  }

  /** There is no further step, and nothing is left. */
  public Progress end() {
    return new Progress(NullNode.instance, done, done, counts, report, true);
  }
}
