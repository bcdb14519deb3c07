package dev.freshet.source;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.FormerKey;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentChange.Upsert;
import dev.freshet.document.DocumentId;
import dev.freshet.ledger.DocumentLedger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the source tells of each change of a configured key. Where the key's columns are not in
 * the table's replica identity, an update of the key does not tell the former one, and the document
 * under that key stays.
 */
public final class KeyCoverage {

  private static final Logger LOG = LoggerFactory.getLogger(KeyCoverage.class);

  /** The default mapping's key is nearly always the primary key, which every update tells of. */
  private static final List<String> USUAL = List.of("id");

  /** After so many updates of known rows a table is believed. */
  private static final int ENOUGH = 10_000;

  private static final int MOST_TABLES = 100;

  private final DocumentLedger ledger;
  private final Map<TableId, String> gaps = new LinkedHashMap<>();
  private final Map<TableId, Integer> looks = new LinkedHashMap<>();

  public KeyCoverage(DocumentLedger ledger) {
    this.ledger = ledger;
  }

  /** The source says that the replica identity has the key's columns. */
  public synchronized void covered(TableId table) {
    gaps.remove(table);
    looks.put(table, ENOUGH);
  }

  /**
   * The source, or an event, says that it has not.
   *
   * @param why what was seen, as the beginning of a sentence
   */
  public synchronized void uncovered(TableId table, List<String> key, String why) {
    if (gaps.size() < MOST_TABLES && !gaps.containsKey(table)) {
      String detail =
          "%s: an update of the key column %s of %s may leave the document under the former key; run"
                  .formatted(why, String.join(", ", key), table)
              + " at the source: ALTER TABLE "
              + quoted(table)
              + " REPLICA IDENTITY FULL (or USING INDEX with a unique index of the key)";
      gaps.put(table, detail);
      LOG.warn("{}", detail);
    }
    looks.put(table, ENOUGH);
  }

  private static String quoted(TableId table) {
    return quoted(table.schema()) + "." + quoted(table.name());
  }

  private static String quoted(String name) {
    return name.matches("[a-z_][a-z0-9_]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  /** The tables whose keys are not covered, and what to do. */
  public synchronized Map<TableId, String> gaps() {
    return new LinkedHashMap<>(gaps);
  }

  /**
   * Looks at changes before they are applied. An update of a row that the index does not know,
   * which does not tell its former key, may be the update of a key. While the ledger does not
   * answer nothing is looked at.
   */
  public void look(List<DocumentChange> changes) {
    var suspects = new ArrayList<Upsert>();
    var seen = new HashSet<DocumentId>();
    for (DocumentChange change : changes) {
      if (change instanceof Upsert upsert && isSuspect(upsert) && !seen.contains(upsert.id())) {
        suspects.add(upsert);
      }
      change.document().ifPresent(seen::add);
    }
    if (suspects.isEmpty()) {
      return;
    }
    Set<DocumentId> ids = new HashSet<>();
    suspects.forEach(upsert -> ids.add(upsert.id()));
    Set<DocumentId> known;
    try {
      known = ledger.read(ids, Set.of()).documents().keySet();
    } catch (UnavailableException e) {
      LOG.debug("The ledger does not say which rows it knows: {}", e.getMessage());
      return;
    }
    for (Upsert upsert : suspects) {
      if (!known.contains(upsert.id())) {
        uncovered(
            upsert.table(),
            upsert.mapping().key(),
            "An update came of a row that the index does not know, and does not tell the row before"
                + " it");
      }
    }
  }

  private synchronized boolean isSuspect(Upsert upsert) {
    boolean unusual = !upsert.mapping().key().equals(USUAL);
    if (!unusual || upsert.formerKey() == FormerKey.TOLD) {
      return false;
    }
    return looks.merge(upsert.table(), 1, (before, one) -> Math.min(ENOUGH, before + one)) < ENOUGH;
  }
}
