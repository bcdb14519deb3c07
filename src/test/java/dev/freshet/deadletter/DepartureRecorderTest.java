package dev.freshet.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.ChangeEventDecoder;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentMapper;
import dev.freshet.document.MessageReader;
import dev.freshet.document.SizeLimits;
import dev.freshet.document.TableMapping;
import dev.freshet.document.TableMappings;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.DeadLetter;
import dev.freshet.feed.Departures;
import dev.freshet.feed.Loss;
import dev.freshet.freshness.Departed;
import dev.freshet.freshness.Losses;
import dev.freshet.ledger.DocumentFailure;
import dev.freshet.source.SourceOwnership;
import dev.freshet.support.IdleFeed;
import dev.freshet.support.InMemoryLedger;
import dev.freshet.support.InMemoryNotes;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DepartureRecorderTest {

  private static final TableId PRODUCTS = TableId.parse("public.products");
  private static final Instant DIED = Instant.parse("2026-11-27T10:00:00Z");
  private static final String BODY =
      """
      {"op":"c","after":{"id":7,"title":"t"},
       "source":{"schema":"public","table":"products","txId":742,"lsn":100}}
      """;

  private final InMemoryLedger ledger = new InMemoryLedger();
  private final InMemoryNotes notes = new InMemoryNotes();
  private final Leaving feed = new Leaving();
  private final DepartureRecorder recorder =
      new DepartureRecorder(
          feed,
          new SubjectReader(
              new MessageReader(
                  new ChangeEventDecoder(0, "__debezium_unavailable_value", table -> Map.of()),
                  new DocumentMapper(
                      new TableMappings(
                          Map.of(
                              PRODUCTS,
                              new TableMapping(
                                  PRODUCTS,
                                  List.of("id"),
                                  new ContentTemplate("{title}"),
                                  null,
                                  Set.of())))),
                  new SizeLimits(1_000, 1_000))),
          new SourceOwnership(notes, Clock.systemUTC()),
          ledger.failures(),
          new Losses(notes),
          Clock.systemUTC());

  /** A feed from which messages leave. */
  private static final class Leaving extends IdleFeed implements Departures {
    private final List<DeadLetter> letters = new ArrayList<>();
    private List<Loss> losses = List.of();

    @Override
    public Departures departures() {
      return this;
    }

    @Override
    public Account account(Consumer<DeadLetter> record) {
      letters.forEach(record);
      letters.clear();
      return new Account(null, null, losses);
    }

    @Override
    public void noted(List<Loss> written) {
      losses = List.of();
    }
  }

  private void leaves(String reason, String body) {
    feed.letters.add(
        new DeadLetter(
            "an id",
            new ChangeMessage("public.products", Map.of(), body.getBytes(StandardCharsets.UTF_8)),
            reason,
            "what helps",
            DIED,
            DIED));
  }

  private List<DocumentFailure> failures() {
    return ledger.failures().newest(10);
  }

  @Test
  void theDocumentOfWhatLeftCountsAsFailedAndItsTransactionAsDone() {
    leaves("delivery-limit", BODY);
    Departed.Standing standing = recorder.account();

    var id = new DocumentId(PRODUCTS, List.of("7"));
    assertThat(standing.open()).isNull();
    assertThat(standing.failures()).containsExactly(new Departed.Failed(id, 742L));
    assertThat(failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.id()).isEqualTo(id);
              assertThat(failure.reason()).isEqualTo(RejectionReason.DELIVERY_LIMIT);
              assertThat(failure.detail()).isEqualTo("what helps");
              assertThat(failure.failedAt()).isEqualTo(DIED);
            });
    assertThat(recorder.account().failures()).isEmpty();
  }

  /** Such as when Freshet rejects a message whose headers leave no room for the reason. */
  @Test
  void aReasonThatIsKnownAlreadyStays() {
    leaves("max-length", BODY);
    leaves("rejected", BODY);
    recorder.account();
    assertThat(failures())
        .singleElement()
        .matches(failure -> failure.reason() == RejectionReason.MAX_LENGTH);
  }

  @Test
  void whatCannotBeReadHasNoDocumentAndAReasonThatIsNotKnownIsARejection() {
    leaves("expired", "{broken");
    leaves("a_word_of_a_later_broker", BODY);
    recorder.account();
    assertThat(failures())
        .singleElement()
        .matches(failure -> failure.reason() == RejectionReason.REJECTED);
  }

  @Test
  void anotherSourcesRowFailsNoDocumentOfTheIndex() {
    notes.write("source.owner.0", "shop/shop");
    leaves("expired", BODY.replace("\"lsn\"", "\"name\":\"other\",\"db\":\"other\",\"lsn\""));
    assertThat(recorder.account().failures()).isEmpty();
    assertThat(failures()).isEmpty();
  }

  @Test
  void aLossIsACaveatFromThenOn() {
    feed.losses = List.of(new Loss(3, DIED, "the queue was purged"));
    assertThat(recorder.account().caveat()).contains("the queue was purged");
    assertThat(recorder.account().caveat()).contains("the queue was purged");
    assertThat(feed.losses).isEmpty();
  }
}
