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
import org.jspecify.annotations.Nullable;

/**
 * Decides what is drift, and what is merely under way: two looks at the source between which the
 * index has reached what was committed before the first one ended.
 */
final class Confirmation {

  /** A row that changes so often while it is looked at is not decided. */
  private static final int ATTEMPTS = 5;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Decisions<Look, DriftedRow> rows = new Decisions<>();
  private final Decisions<Present, Orphan> orphans = new Decisions<>();
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
    rows.begin(suspects);
    while (rows.isOpen()) {
      if (rows.first == null) {
        rows.before = documents.read(rows.left);
        rows.look(source.look(rows.left), source.end());
      }
      Look first = rows.first();
      boolean exact = await(rows.end(), findings);
      Map<DocumentId, StoredDocument> after = documents.read(rows.left);
      Map<DocumentId, Finding> compared = documents.compare(first.rows());
      Look second = source.look(rows.left);
      var moving = new LinkedHashSet<DocumentId>();
      for (DocumentId id : rows.left) {
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
                && (exact || revision(rows.before, id) == revision(after, id));
        if (!rests) {
          moving.add(id);
        } else {
          Finding finding = Objects.requireNonNull(compared.get(id));
          if (isDrift(finding)) {
            rows.drift.put(id, new DriftedRow(finding, other, second.mark()));
          }
        }
      }
      rows.next(moving);
    }
    return rows.end(findings);
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
    orphans.begin(suspects);
    while (orphans.isOpen()) {
      if (orphans.first == null) {
        orphans.before = documents.read(orphans.left);
        orphans.look(source.present(orphans.left), source.end());
      }
      Present first = orphans.first();
      await(orphans.end(), findings);
      Map<DocumentId, StoredDocument> after = documents.read(orphans.left);
      Present second = source.present(orphans.left);
      var moving = new LinkedHashSet<DocumentId>();
      for (DocumentId id : orphans.left) {
        StoredDocument stored = after.get(id);
        if (stored == null || stored.state().deleted() || second.documents().contains(id)) {
          continue;
        }
        if (first.documents().contains(id) || revision(orphans.before, id) != revision(after, id)) {
          moving.add(id);
        } else {
          orphans.drift.put(id, new Orphan(stored, second.mark()));
        }
      }
      orphans.next(moving);
    }
    return orphans.end(findings);
  }

  private static long revision(Map<DocumentId, StoredDocument> documents, DocumentId id) {
    StoredDocument stored = documents.get(id);
    return stored == null ? 0 : stored.revision();
  }

  /**
   * What is decided of a page so far. It outlives a wait that takes too long for one step: the next
   * step goes on with the same look, and the watermark reaches its place in the end, however far
   * the index lags.
   *
   * @param <L> a look at the source
   * @param <D> what is drift
   */
  private static final class Decisions<L, D> {

    private final Set<DocumentId> suspects = new HashSet<>();
    private final Map<DocumentId, D> drift = new LinkedHashMap<>();
    private Set<DocumentId> left = new LinkedHashSet<>();
    private int attempt;
    private @Nullable L first;
    private @Nullable Lsn end;
    private Map<DocumentId, StoredDocument> before = Map.of();

    /** Drops documents that are no longer suspects, and adds new ones. */
    void begin(Set<DocumentId> page) {
      suspects.retainAll(page);
      drift.keySet().retainAll(page);
      left.retainAll(page);
      if (suspects.isEmpty()) {
        clear();
      }
      page.stream().filter(suspects::add).forEach(left::add);
    }

    boolean isOpen() {
      return attempt < ATTEMPTS && !left.isEmpty();
    }

    void look(L seen, Lsn behind) {
      first = seen;
      end = behind;
    }

    L first() {
      return Objects.requireNonNull(first);
    }

    Lsn end() {
      return Objects.requireNonNull(end);
    }

    void next(Set<DocumentId> moving) {
      left = moving;
      first = null;
      attempt++;
    }

    Map<DocumentId, D> end(Findings findings) {
      findings.add(Findings.UNDECIDED, left);
      var decided = new LinkedHashMap<>(drift);
      clear();
      return decided;
    }

    private void clear() {
      suspects.clear();
      drift.clear();
      left = new LinkedHashSet<>();
      attempt = 0;
      first = null;
    }
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
            "The watermark is not known or not exact, so that two looks at least "
                + between.toSeconds()
                + " s apart have decided: a change that came to the feed later than that looks like"
                + " drift");
        applied.awaitByTime(between, PATIENCE);
        return false;
      }
    }
    throw new IllegalStateException("a new kind of answer");
  }
}
