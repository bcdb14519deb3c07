package dev.freshet.job.drift;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.Lsn;
import dev.freshet.document.DocumentId;
import dev.freshet.job.Progress;
import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** What a check has found so far: counts, and a report that stays small, because it is stored. */
final class Findings {

  /** The kinds of drift, and what could not be decided; each with examples. */
  static final String MISSING = "missing";

  static final String ORPHANED = "orphaned";
  static final String DIFFERENT = "different";
  static final String UNDECIDED = "undecided";

  /** Counts beside them. */
  static final String OTHER_COLUMNS = "otherColumns";

  static final String FAILED = "failed";

  static final String REPAIRED = "repaired";
  static final String NOT_REPAIRED = "notRepaired";

  /** Up to which commit and time the table is compared, and equal if nothing is found. */
  static final String COMPARED = "comparedThrough";

  static final String VERIFIED = "verifiedThrough";

  static final String WATERMARK = "watermark";
  static final String TIME = "time";

  private static final int MOST_EXAMPLES = 100;
  private static final int LONGEST_EXAMPLE = 200;
  private static final int MOST_REMARKS = 20;
  private static final int LONGEST_REMARK = 500;

  private Progress progress;
  private final ObjectNode report;

  private Findings(Progress progress, ObjectNode report) {
    this.progress = progress;
    this.report = report;
  }

  /**
   * Begins a report.
   *
   * @param through all that was committed before is compared
   */
  static Findings begin(Progress progress, Lsn through, Instant now) {
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    report.put("basis", WATERMARK);
    report.put("startedAt", now.toString());
    report.putObject(COMPARED).put("lsn", through.toString()).put("time", now.toString());
    report.putNull(VERIFIED);
    var findings = new Findings(progress, report);
    for (String kind : new String[] {MISSING, ORPHANED, DIFFERENT, UNDECIDED}) {
      findings.report.putObject(kind).put("count", 0).putArray("examples");
      findings.count(kind, 0);
    }
    findings.count(FAILED, 0);
    report.putArray("remarks");
    return findings;
  }

  /** Goes on with what the steps before have found. */
  static Findings of(Progress before) {
    return new Findings(before, before.report().deepCopy());
  }

  void add(String kind, Collection<DocumentId> documents) {
    if (documents.isEmpty()) {
      return;
    }
    count(kind, documents.size());
    ObjectNode found = (ObjectNode) report.get(kind);
    found.put("count", found.path("count").asLong() + documents.size());
    ArrayNode examples = (ArrayNode) found.get("examples");
    documents.stream()
        .limit(MOST_EXAMPLES - Math.min(MOST_EXAMPLES, examples.size()))
        .map(DocumentId::joinedKey)
        .forEach(key -> examples.add(cut(key, LONGEST_EXAMPLE)));
  }

  void count(String word, long more) {
    progress = progress.counting(word, more);
  }

  /** Without an exact watermark two looks at different times decide. */
  void onlyByTime() {
    report.put("basis", TIME);
  }

  void remark(String sentence) {
    ArrayNode remarks = (ArrayNode) report.get("remarks");
    String told = cut(sentence, LONGEST_REMARK);
    for (JsonNode known : remarks) {
      if (known.asText().equals(told)) {
        return;
      }
    }
    if (remarks.size() < MOST_REMARKS) {
      remarks.add(told);
    }
  }

  private static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    boolean halved = Character.isHighSurrogate(text.charAt(longest - 1));
    return text.substring(0, halved ? longest - 1 : longest) + "…";
  }

  /**
   * The step's result.
   *
   * @param cursor where the next one begins; null when there is none
   */
  Progress at(@Nullable JsonNode cursor, long passed, long total) {
    if (cursor != null) {
      return progress.reporting(report).at(cursor, passed).of(total);
    }
    if (!DriftResult.isVerified(progress.counts())) {
      report.putNull(VERIFIED);
    } else if (report.has(COMPARED)) {
      // A check that an earlier version began has it there already.
      report.set(VERIFIED, report.get(COMPARED).deepCopy());
    }
    return progress.reporting(report).end();
  }

  long done() {
    return progress.done();
  }
}
