package dev.freshet.freshness;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.Fingerprint;
import dev.freshet.document.Rendering;
import dev.freshet.document.Renderings;
import dev.freshet.document.TableMapping;
import dev.freshet.document.TableMappings;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.NoteLedger;
import dev.freshet.ledger.StoredDocument;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * By what each configured table's documents are made now, and what has made those that do not say:
 * they were stored before documents remembered it. Where only one mapping is known of the table
 * then, and it is the one of today, they count as made by it and by the splitter of that day. Calls
 * throw {@link dev.freshet.UnavailableException} while the ledger does not answer.
 */
public final class PresentRenderings {

  /** The recipes by which documents of a table may have been made, oldest first. */
  private static final String RECIPES = "mapping.";

  /** What counts as having made the documents of a table that do not say. */
  private static final String ASSUMED = "rendering.";

  /** Of the tables that no mapping names, while none is configured. */
  private static final String UNCONFIGURED = "default";

  private static final String UNKNOWN = "unknown";
  private static final String SEPARATOR = " ";

  private final DocumentLedger ledger;
  private final TableMappings mappings;
  private final Renderings renderings;
  private final Map<TableId, Present> known = new ConcurrentHashMap<>();

  /**
   * What makes a table's documents.
   *
   * @param assumed what counts as having made those that do not say; {@link Rendering#UNKNOWN}
   *     where nobody knows
   */
  public record Present(TableMapping mapping, Rendering rendering, Rendering assumed) {

    public TableId table() {
      return mapping.table();
    }

    /** The renderings whose documents are as they are made now. */
    public Set<Rendering> current() {
      return assumed.equals(rendering) ? Set.of(rendering, Rendering.UNKNOWN) : Set.of(rendering);
    }
  }

  public PresentRenderings(DocumentLedger ledger, TableMappings mappings, Renderings renderings) {
    this.ledger = ledger;
    this.mappings = mappings;
    this.renderings = renderings;
  }

  /** Those of all configured tables; the default mapping decides row by row, and has none. */
  public List<Present> all() {
    if (!mappings.areConfigured()) {
      noteDefault();
    }
    return mappings.all().stream().map(this::of).toList();
  }

  /**
   * The one of a table, or of the table that a partition belongs to; empty for an unmapped table.
   */
  public Optional<Present> of(TableId table) {
    TableId documents = mappings.documentTable(table);
    return mappings.all().stream()
        .filter(mapping -> mapping.table().equals(documents))
        .findFirst()
        .map(this::of);
  }

  /** Whether a document is known to be as it is made now. */
  public boolean isCurrent(StoredDocument document) {
    return of(document.state().id().table())
        .filter(present -> present.current().contains(document.renderedBy()))
        .isPresent();
  }

  private Present of(TableMapping mapping) {
    // Not computed under the map's lock: the ledger is asked.
    Present present = known.get(mapping.table());
    if (present == null) {
      present = new Present(mapping, renderings.of(mapping), assumed(mapping));
      known.put(mapping.table(), present);
    }
    return present;
  }

  private void noteDefault() {
    claim(RECIPES + UNCONFIGURED, recipe(TableMappings.UNCONFIGURED));
    claim(ASSUMED + UNCONFIGURED, renderings.of(TableMappings.UNCONFIGURED).text());
  }

  /** To claim is to write: this is asked every few seconds. */
  private String claim(String name, String text) {
    NoteLedger notes = ledger.notes();
    return notes.read(name).orElseGet(() -> notes.claim(name, text));
  }

  private Rendering assumed(TableMapping mapping) {
    Set<String> recipes = recipes(mapping);
    Rendering first = Rendering.UNKNOWN;
    if (recipes.equals(Set.of(recipe(mapping)))) {
      first = renderings.of(mapping);
    }
    if (recipes.equals(Set.of(recipe(TableMappings.UNCONFIGURED)))) {
      first =
          ledger
              .notes()
              .read(ASSUMED + UNCONFIGURED)
              .map(Rendering::new)
              .orElse(renderings.of(TableMappings.UNCONFIGURED));
    }
    String text = claim(ASSUMED + mapping.table(), first.known() ? first.text() : UNKNOWN);
    return text.equals(UNKNOWN) ? Rendering.UNKNOWN : new Rendering(text);
  }

  /** Notes whether documents of former mappings are left. An earlier Freshet reads it as well. */
  void note(Present present, boolean formerLeft) {
    NoteLedger notes = ledger.notes();
    String name = RECIPES + present.table();
    String recipe = recipe(present.mapping());
    Set<String> recipes = recipes(present.mapping());
    if (formerLeft && recipes.add(recipe)) {
      notes.write(name, String.join(SEPARATOR, recipes));
    } else if (!formerLeft && !recipes.equals(Set.of(recipe))) {
      notes.write(name, recipe);
    }
    if (!formerLeft && !present.current().contains(Rendering.UNKNOWN)) {
      // No document is left that does not say what has made it.
      notes.write(ASSUMED + present.table(), present.rendering().text());
      known.put(
          present.table(),
          new Present(present.mapping(), present.rendering(), present.rendering()));
    }
  }

  private Set<String> recipes(TableMapping mapping) {
    String first = ledger.notes().read(RECIPES + UNCONFIGURED).orElse(recipe(mapping));
    return new LinkedHashSet<>(List.of(claim(RECIPES + mapping.table(), first).split(SEPARATOR)));
  }

  private static String recipe(TableMapping mapping) {
    return Fingerprint.of(mapping.recipe());
  }
}
