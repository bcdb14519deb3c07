package dev.freshet.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.SourceName;
import dev.freshet.source.SourceOwnership.Belonging;
import dev.freshet.support.InMemoryNotes;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SourceOwnershipTest {

  private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
  private static final SourceName SHOP = new SourceName("db", "shop");
  private static final SourceName OTHER = new SourceName("crm", "customers");

  private final InMemoryNotes notes = new InMemoryNotes();
  private final SourceOwnership sources = at(NOW);

  private SourceOwnership at(Instant now) {
    return new SourceOwnership(notes, Clock.fixed(now, ZoneOffset.UTC));
  }

  @Test
  void theFirstSourceThatNamesItselfOwnsTheIndex() {
    assertThat(sources.claim(SourceName.NONE, 0)).isEqualTo(Belonging.OWN);
    assertThat(sources.owner(0)).isEmpty();
    assertThat(sources.claim(SHOP, 0)).isEqualTo(Belonging.OWN);
    assertThat(sources.claim(OTHER, 0)).isEqualTo(Belonging.FOREIGN);
    assertThat(sources.knownOwner(0)).contains(SHOP);
  }

  @Test
  void aNameWithoutADatabaseOwnsNothing() {
    assertThat(sources.claim(new SourceName("db", ""), 0)).isEqualTo(Belonging.OWN);
    assertThat(sources.claim(OTHER, 0)).isEqualTo(Belonging.OWN);
    assertThat(sources.owner(0)).contains(OTHER);
  }

  @Test
  void theSameConnectorOfAnotherDatabaseIsAnotherSource() {
    sources.claim(SHOP, 0);
    assertThat(sources.claim(new SourceName("db", "archive"), 0)).isEqualTo(Belonging.FOREIGN);
    assertThat(sources.belonging(new SourceName("", "archive"), 0)).isEqualTo(Belonging.FOREIGN);
    assertThat(sources.belonging(new SourceName("", "shop"), 0)).isEqualTo(Belonging.ADOPTED);
    assertThat(sources.belonging(new SourceName("db", ""), 0)).isEqualTo(Belonging.OWN);
  }

  @Test
  void theOwnerIsReadAfterARestart() {
    sources.claim(SHOP, 0);
    assertThat(at(NOW).belonging(OTHER, 0)).isEqualTo(Belonging.FOREIGN);
  }

  @Test
  void ofTwoInstancesTheFirstClaimCounts() {
    SourceOwnership second = at(NOW);
    assertThat(second.owner(0)).isEmpty();
    sources.claim(OTHER, 0);
    assertThat(second.claim(SHOP, 0)).isEqualTo(Belonging.FOREIGN);
    assertThat(second.owner(0)).contains(OTHER);
  }

  @Test
  void anOwnerThatAnotherInstanceLearnedOfIsSeen() {
    assertThat(sources.belonging(SHOP, 0)).isEqualTo(Belonging.OWN);
    at(NOW).claim(OTHER, 0);
    assertThat(sources.belonging(SHOP, 0)).isEqualTo(Belonging.FOREIGN);
  }

  @Test
  void aRaisedEpochHandsTheIndexOver() {
    sources.claim(SHOP, 0);
    assertThat(sources.claim(OTHER, 1)).isEqualTo(Belonging.OWN);
    assertThat(sources.claim(SHOP, 1)).isEqualTo(Belonging.FOREIGN);
    assertThat(sources.belonging(SHOP, 0)).isEqualTo(Belonging.OWN);
  }

  @Test
  void anotherSourceIsToldForFiveMinutes() {
    sources.claim(SHOP, 0);
    var rejected = sources.reject(OTHER, 0);
    sources.reject(OTHER, 0);

    assertThat(rejected.reason()).isEqualTo(RejectionReason.OTHER_SOURCE);
    assertThat(rejected.detail()).contains("'crm/customers'", "'db/shop'", "freshet.source-epoch");
    assertThat(sources.others()).extracting(other -> other.changes()).containsExactly(2L);
    assertThat(sources.note()).hasValueSatisfying(note -> assertThat(note).contains("crm"));
  }

  @Test
  void aNameFromOutsideComesBackAsItWasNoted() {
    var odd = new SourceName("a/b\0", "x/y" + "z".repeat(1_000));
    sources.claim(odd, 0);
    assertThat(at(NOW).owner(0)).contains(odd);
  }

  @Test
  void manyOtherSourcesDoNotFillTheMemory() {
    sources.claim(SHOP, 0);
    for (int number = 0; number < 100; number++) {
      sources.reject(new SourceName("other" + number, "x"), 0);
    }
    assertThat(sources.others()).hasSize(20);
  }
}
