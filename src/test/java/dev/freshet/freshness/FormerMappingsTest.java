package dev.freshet.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.ArrivalPosition;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.document.Fingerprint;
import dev.freshet.document.Rendering;
import dev.freshet.document.Renderings;
import dev.freshet.document.TableMapping;
import dev.freshet.document.TableMappings;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.support.InMemoryLedger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FormerMappingsTest {

  private static final TableId PRODUCTS = TableId.parse("public.products");
  private static final DocumentId ONE = DocumentId.of(PRODUCTS, "1");
  private static final DocumentId TWO = DocumentId.of(PRODUCTS, "2");
  private static final String DEFAULT = "Title: {title}\n\n{description}";
  private static final Renderings SPLIT = new Renderings("of 256 tokens");
  private static final String NOTE = "mapping.public.products";

  private final InMemoryLedger ledger = new InMemoryLedger();
  private Instant now = Instant.parse("2026-11-20T17:22:55Z");
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);

  private static TableMapping mapping(String template) {
    return new TableMapping(PRODUCTS, List.of("id"), new ContentTemplate(template), null, Set.of());
  }

  private static TableMappings mappings(String template) {
    return new TableMappings(Map.of(PRODUCTS, mapping(template)));
  }

  private static Rendering by(String template) {
    return SPLIT.of(mapping(template));
  }

  private FormerMappings start(TableMappings mappings, Renderings renderings) {
    var former =
        new FormerMappings(ledger, new PresentRenderings(ledger, mappings, renderings), clock);
    former.check();
    return former;
  }

  private Set<TableId> started(TableMappings mappings) {
    return start(mappings, SPLIT).tables();
  }

  /** Makes a document, or makes it again. */
  private void indexed(DocumentId id, Rendering by) throws ConcurrentUpdateException {
    StoredDocument before = ledger.read(Set.of(id), Set.of()).documents().get(id);
    var origin = new Origin(new ArrivalPosition(1), null, null, null, Instant.EPOCH);
    var state = DocumentState.present(id, origin, Map.of());
    ledger.commit(
        LedgerUpdate.of(
            List.of(
                new DocumentWrite(
                    state,
                    before == null ? 0 : before.revision(),
                    "c",
                    "m",
                    by,
                    Instant.EPOCH,
                    null,
                    null))));
  }

  /** A document that an earlier Freshet has made, which does not say by what. */
  private void indexedBefore() throws ConcurrentUpdateException {
    indexed(ONE, Rendering.UNKNOWN);
  }

  private String note() {
    return ledger.notes().read(NOTE).orElseThrow();
  }

  @Test
  void aChangedTemplateIsNoticedAtEachStart() throws Exception {
    assertThat(started(mappings("{title}"))).isEmpty();
    indexedBefore();
    assertThat(started(mappings("{title}"))).isEmpty();
    assertThat(started(mappings("{title} {price}"))).containsExactly(PRODUCTS);
    assertThat(started(mappings("{title} {price}"))).containsExactly(PRODUCTS);
  }

  @Test
  void whoeverChangesItBackHasDocumentsOfTheOneBetween() throws Exception {
    started(mappings("{title}"));
    indexedBefore();
    started(mappings("{title} {price}"));
    indexed(TWO, by("{title} {price}"));
    assertThat(start(mappings("{title}"), SPLIT).documents()).isEqualTo(Map.of(PRODUCTS, 1L));
  }

  @Test
  void theDefaultMappingIsAFormerOneToo() throws Exception {
    started(new TableMappings(Map.of()));
    indexedBefore();
    assertThat(started(mappings(DEFAULT))).isEmpty();
    assertThat(started(mappings("{title}"))).containsExactly(PRODUCTS);
  }

  @Test
  void withoutDocumentsNothingIsOfAFormerMapping() throws Exception {
    started(mappings("{title}"));
    assertThat(started(mappings("{title} {price}"))).isEmpty();
    indexedBefore();
    assertThat(started(mappings("{title} {price}"))).isEmpty();
  }

  @Test
  void documentsOfFormerMappingsAreCounted() throws Exception {
    indexed(ONE, by("{title}"));
    indexed(TWO, by("{title} {price}"));

    assertThat(start(mappings("{title}"), SPLIT).documents()).isEqualTo(Map.of(PRODUCTS, 1L));
    assertThat(start(mappings("{price}"), SPLIT).documents()).isEqualTo(Map.of(PRODUCTS, 2L));
    assertThat(start(new TableMappings(Map.of()), SPLIT).documents()).isEmpty();
  }

  @Test
  void anotherSplitterMakesOthers() throws Exception {
    start(mappings("{title}"), SPLIT);
    indexedBefore();
    indexed(TWO, by("{title}"));

    assertThat(start(mappings("{title}"), SPLIT).documents()).isEqualTo(Map.of(PRODUCTS, 0L));
    assertThat(start(mappings("{title}"), new Renderings("of 128 tokens")).documents())
        .isEqualTo(Map.of(PRODUCTS, 2L));
  }

  /** The default mapping of before is known with the splitter of before. */
  @Test
  void aTableThatIsConfiguredWithAnotherSplitterHasDocumentsOfTheFormerOne() throws Exception {
    start(new TableMappings(Map.of()), SPLIT);
    indexedBefore();
    assertThat(start(mappings(DEFAULT), new Renderings("of 128 tokens")).tables())
        .containsExactly(PRODUCTS);
  }

  /** What earlier versions have noted: whoever has changed the mapping then is told so now. */
  @Test
  void documentsThatDoNotSayAreOfAFormerMappingWhereTwoAreKnown() throws Exception {
    String present = Fingerprint.of(mapping("{title}").recipe());
    ledger.notes().write(NOTE, "another " + present);
    indexedBefore();
    assertThat(started(mappings("{title}"))).containsExactly(PRODUCTS);

    ledger.notes().remove("rendering.public.products");
    ledger.notes().write(NOTE, present);
    assertThat(started(mappings("{title}"))).isEmpty();
  }

  @Test
  void theWarningGoesWithTheLastFormerDocumentAndSoDoesTheNote() throws Exception {
    String present = Fingerprint.of(mapping("{price}").recipe());
    start(mappings("{title}"), SPLIT);
    indexedBefore();
    indexed(TWO, by("{title}"));
    FormerMappings former = start(mappings("{price}"), SPLIT);
    assertThat(former.documents()).isEqualTo(Map.of(PRODUCTS, 2L));
    assertThat(note()).endsWith(" " + present);

    indexed(TWO, by("{price}"));
    now = now.plusSeconds(3);
    former.check();
    assertThat(former.documents()).isEqualTo(Map.of(PRODUCTS, 1L));

    indexed(ONE, by("{price}"));
    now = now.plusSeconds(3);
    former.check();
    assertThat(former.tables()).isEmpty();
    assertThat(former.documents()).isEqualTo(Map.of(PRODUCTS, 0L));
    assertThat(note()).isEqualTo(present);
  }

  @Test
  void documentsAreNotCountedAtEachCall() throws Exception {
    FormerMappings former = start(mappings("{title}"), SPLIT);
    indexed(ONE, by("{price}"));
    now = now.plus(Duration.ofMillis(2_900));
    former.check();
    assertThat(former.tables()).isEmpty();
    now = now.plus(Duration.ofMillis(100));
    former.check();
    assertThat(former.tables()).containsExactly(PRODUCTS);
  }
}
