package dev.freshet.job.drift;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.job.Progress;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the last drift check of a table has found.
 *
 * @param checkedAt when it ended
 * @param basis {@code watermark}, or {@code time} where no exact watermark was known
 * @param verifiedThrough when it began, if the index had all that was committed before, or has it
 *     now by a repair; null otherwise
 * @param missing rows without a document
 * @param orphaned documents without a row
 * @param different documents that are not those of their rows
 * @param otherColumns documents that have other columns than their rows
 * @param undecided rows that never rested
 * @param failed documents whose newest change is dead-lettered
 * @param repaired how many of the missing, orphaned and different ones are as they should be now
 */
public record DriftResult(
    String table,
    Instant checkedAt,
    String basis,
    @Nullable Instant verifiedThrough,
    long missing,
    long orphaned,
    long different,
    long otherColumns,
    long undecided,
    long failed,
    long repaired) {

  static DriftResult of(String table, Progress ended, Instant now) {
    Map<String, Long> counts = ended.counts();
    JsonNode report = ended.report();
    long missing = counts.getOrDefault(Findings.MISSING, 0L);
    long orphaned = counts.getOrDefault(Findings.ORPHANED, 0L);
    long different = counts.getOrDefault(Findings.DIFFERENT, 0L);
    long otherColumns = counts.getOrDefault(Findings.OTHER_COLUMNS, 0L);
    long undecided = counts.getOrDefault(Findings.UNDECIDED, 0L);
    long failed = counts.getOrDefault(Findings.FAILED, 0L);
    long repaired = counts.getOrDefault(Findings.REPAIRED, 0L);
    String through = report.path(Findings.VERIFIED).path("time").asText();
    return new DriftResult(
        table,
        now,
        report.path("basis").asText(),
        isVerified(counts) && !through.isEmpty() ? Instant.parse(through) : null,
        missing,
        orphaned,
        different,
        otherColumns,
        undecided,
        failed,
        repaired);
  }

  /** Whether nothing that was found is left. */
  static boolean isVerified(Map<String, Long> counts) {
    long drift = sum(counts, Findings.MISSING, Findings.ORPHANED, Findings.DIFFERENT);
    return drift <= sum(counts, Findings.REPAIRED)
        && sum(counts, Findings.OTHER_COLUMNS, Findings.UNDECIDED, Findings.FAILED) == 0;
  }

  private static long sum(Map<String, Long> counts, String... words) {
    return Stream.of(words).mapToLong(word -> counts.getOrDefault(word, 0L)).sum();
  }

  /** How many documents differ from the source now, as far as is known. */
  public long left() {
    return Math.max(0, missing + orphaned + different - repaired);
  }
}
