package dev.freshet.job.drift;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.Lsn;
import dev.freshet.document.DocumentId;
import dev.freshet.job.drift.Comparison.Finding;
import dev.freshet.job.drift.TableRows.Indexable;
import dev.freshet.job.drift.TableRows.Look;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.source.SourceRefusedException;
import dev.freshet.source.SourceRows.Present;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Decides what is drift, and what is merely under way: two looks at the source between which the
 * index has reached what was committed before the first one ended.
 */
final class Confirmation {

  /** A row that changes so often while it is looked at is not decided. */
  private static final int ATTEMPTS = 5;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final AppliedCommits applied;
  private final Duration between;

  /**
   * @param between the time between two looks where the watermark is not known
   */
  Confirmation(AppliedCommits applied, Duration between) {
    this.applied = applied;
    this.between = between;
  }

  /**
   * A row of which the index has something else.
   *
   * @param mark behind which the row was seen last
   */
  record DriftedRow(Finding finding, Indexable row, Lsn mark) {}

  /** Decides of rows. */
  Map<DocumentId, DriftedRow> rows(
      TableRows source, TableDocuments documents, Set<DocumentId> suspects, Findings findings)
      throws SourceRefusedException, InterruptedException {
    var drift = new LinkedHashMap<DocumentId, DriftedRow>();
    Set<DocumentId> left = suspects;
    for (int attempt = 0; attempt < ATTEMPTS && !left.isEmpty(); attempt++) {
      Map<DocumentId, StoredDocument> before = documents.read(left);
      Look first = source.look(left);
      boolean exact = await(source.end(), findings);
      Map<DocumentId, StoredDocument> after = documents.read(left);
      Map<DocumentId, Finding> compared = documents.compare(first.rows());
      Look second = source.look(left);
      var moving = new LinkedHashSet<DocumentId>();
      for (DocumentId id : left) {
        Indexable one = first.rows().get(id);
        Indexable other = second.rows().get(id);
        if (one == null || other == null) {
          // It came or went meanwhile: that is under way, and pass two looks at what stays.
          if (other != null) {
            moving.add(id);
          }
          continue;
        }
        boolean rests =
            one.version().equals(other.version())
                && (exact || revision(before, id) == revision(after, id));
        if (!rests) {
          moving.add(id);
        } else {
          Finding finding = Objects.requireNonNull(compared.get(id));
          if (isDrift(finding)) {
            drift.put(id, new DriftedRow(finding, other, second.mark()));
          }
        }
      }
      left = moving;
    }
    findings.add(Findings.UNDECIDED, left);
    return drift;
  }

  static boolean isDrift(Finding finding) {
    return finding == Finding.MISSING
        || finding == Finding.DIFFERENT
        || finding == Finding.UNSEARCHABLE;
  }

  /**
   * A document without a row.
   *
   * @param mark behind which there was none
   */
  record Orphan(StoredDocument stored, Lsn mark) {}

  /**
   * Decides of documents.
   *
   * @param suspects those of which no row was seen
   */
  Map<DocumentId, Orphan> orphans(
      TableRows source, TableDocuments documents, Set<DocumentId> suspects, Findings findings)
      throws SourceRefusedException, InterruptedException {
    var orphans = new LinkedHashMap<DocumentId, Orphan>();
    Set<DocumentId> left = suspects;
    for (int attempt = 0; attempt < ATTEMPTS && !left.isEmpty(); attempt++) {
      Map<DocumentId, StoredDocument> before = documents.read(left);
      Present first = source.present(left);
      await(source.end(), findings);
      Map<DocumentId, StoredDocument> after = documents.read(left);
      Present second = source.present(left);
      var moving = new HashSet<DocumentId>();
      for (DocumentId id : left) {
        StoredDocument stored = after.get(id);
        if (stored == null || stored.state().deleted() || second.documents().contains(id)) {
          continue;
        }
        if (first.documents().contains(id) || revision(before, id) != revision(after, id)) {
          moving.add(id);
        } else {
          orphans.put(id, new Orphan(stored, second.mark()));
        }
      }
      left = moving;
    }
    findings.add(Findings.UNDECIDED, left);
    return orphans;
  }

  private static long revision(Map<DocumentId, StoredDocument> documents, DocumentId id) {
    StoredDocument stored = documents.get(id);
    return stored == null ? 0 : stored.revision();
  }

  /** Answers whether the watermark has decided. */
  private boolean await(Lsn end, Findings findings) throws InterruptedException {
    switch (applied.await(end, PATIENCE)) {
      case YES -> {
        return true;
      }
      case NOT_YET ->
          throw new UnavailableException(
              "the index has not applied what was committed before %s; the check waits for it"
                  .formatted(end));
      case UNKNOWN -> {
        findings.onlyByTime();
        findings.remark(
            "The watermark is not known or not exact, so that two looks "
                + between.toSeconds()
                + " s apart have decided: what needs longer to be applied looks like drift");
        Thread.sleep(between.toMillis());
        applied.requireFlow();
        return false;
      }
    }
    throw new IllegalStateException("a new kind of answer");
  }
}
