package dev.freshet.freshness;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.Fingerprint;
import dev.freshet.document.TableMapping;
import dev.freshet.document.TableMappings;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.NoteLedger;
import dev.freshet.ledger.TableCoverage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a table's mapping is another than the one that made its documents. A document is
 * made again only when its row changes or is read by a snapshot, so until then it is as the former
 * mapping made it.
 */
public final class FormerMappings {

  private static final Logger LOG = LoggerFactory.getLogger(FormerMappings.class);

  /** The mappings by which documents of a table may have been made, oldest first. */
  private static final String NOTE = "mapping.";

  /** Of the tables that no mapping names, while none is configured. */
  private static final String UNCONFIGURED = NOTE + "default";

  private static final String SEPARATOR = " ";

  private final DocumentLedger ledger;
  private final TableMappings mappings;
  private volatile Set<TableId> tables = Set.of();
  private volatile boolean checked;

  public FormerMappings(DocumentLedger ledger, TableMappings mappings) {
    this.ledger = ledger;
    this.mappings = mappings;
  }

  /** The tables of which documents may still be as a former mapping made them. */
  public Set<TableId> tables() {
    return tables;
  }

  /**
   * Compares the mappings with those that are noted, and notes them; once it succeeded, a further
   * call does nothing.
   *
   * @throws dev.freshet.UnavailableException while the ledger does not answer
   */
  public void check() {
    if (checked) {
      return;
    }
    var changed = new TreeSet<TableId>();
    if (mappings.areConfigured()) {
      for (TableMapping mapping : mappings.all()) {
        if (isChanged(mapping)) {
          changed.add(mapping.table());
        }
      }
    } else {
      ledger.notes().claim(UNCONFIGURED, fingerprint(TableMappings.UNCONFIGURED));
    }
    tables = changed;
    checked = true;
    changed.forEach(
        table ->
            LOG.warn(
                "The mapping of {} has changed: documents whose rows were not written or read by a"
                    + " snapshot since are as the former mapping made them; take a snapshot of the"
                    + " table",
                table));
  }

  private boolean isChanged(TableMapping mapping) {
    NoteLedger notes = ledger.notes();
    String name = NOTE + mapping.table();
    String present = fingerprint(mapping);
    String first = notes.read(UNCONFIGURED).orElse(present);
    var known = new LinkedHashSet<>(List.of(notes.claim(name, first).split(SEPARATOR)));
    if (known.equals(Set.of(present))) {
      return false;
    }
    if (isEmpty(mapping.table())) {
      notes.write(name, present);
      return false;
    }
    if (known.add(present)) {
      notes.write(name, String.join(SEPARATOR, new ArrayList<>(known)));
    }
    return true;
  }

  private boolean isEmpty(TableId table) {
    return ledger.coverage().stream()
            .filter(coverage -> coverage.table().equals(table))
            .mapToLong(TableCoverage::documents)
            .sum()
        == 0;
  }

  private static String fingerprint(TableMapping mapping) {
    return Fingerprint.of(mapping.recipe());
  }
}
