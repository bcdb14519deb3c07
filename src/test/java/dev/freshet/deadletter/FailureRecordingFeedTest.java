package dev.freshet.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.ChangeEventDecoder;
import dev.freshet.changeevent.ColumnType;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentMapper;
import dev.freshet.document.MessageReader;
import dev.freshet.document.SizeLimits;
import dev.freshet.document.TableMapping;
import dev.freshet.document.TableMappings;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Rejection;
import dev.freshet.store.DocumentFailure;
import dev.freshet.store.FailureLedger;
import dev.freshet.support.IdleFeed;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class FailureRecordingFeedTest {

  private static final TableId PRODUCTS = TableId.parse("public.products");
  private static final Rejection REJECTION =
      new Rejection(RejectionReason.MISSING_COLUMN, "no column 'title'", Instant.EPOCH);

  private static final int LARGEST_MESSAGE = 100;

  private final List<String> events = new ArrayList<>();
  private final List<DocumentFailure> recorded = new ArrayList<>();
  private final List<Rejection> putAway = new ArrayList<>();
  private boolean live = true;
  private RuntimeException refusal;
  private Supplier<Map<String, ColumnType>> types = Map::of;
  private final FailureRecordingFeed feed =
      new FailureRecordingFeed(
          new Kept(),
          new SubjectReader(
              new MessageReader(
                  new ChangeEventDecoder(3, "__debezium_unavailable_value", table -> types.get()),
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
                  new SizeLimits(LARGEST_MESSAGE, LARGEST_MESSAGE))),
          new Recorded());

  private record Taken(ChangeMessage message, Instant receivedAt, boolean isLive)
      implements Delivery {}

  private boolean deadLetter(String body) {
    return deadLetter(body, Map.of());
  }

  @Test
  void theRowOfAnotherSourceIsNotTheDocumentThatTheIndexKnows() {
    var message =
        new ChangeMessage(
            "public.products", Map.of(), "{\"id\":7}".getBytes(StandardCharsets.UTF_8));
    var foreign = new Rejection(RejectionReason.OTHER_SOURCE, "of another source", Instant.EPOCH);

    feed.deadLetter(new Taken(message, Instant.EPOCH, live), foreign);

    assertThat(events).containsExactly("put away");
  }

  private boolean deadLetter(String body, Map<String, String> headers) {
    var message =
        new ChangeMessage("public.products", headers, body.getBytes(StandardCharsets.UTF_8));
    return feed.deadLetter(new Taken(message, Instant.EPOCH, live), REJECTION);
  }

  @Test
  void theDocumentIsRememberedBeforeTheMessageIsPutAway() {
    assertThat(deadLetter("{\"id\":7}")).isTrue();

    assertThat(events).containsExactly("recorded", "put away");
    assertThat(recorded.get(0).id()).isEqualTo(DocumentId.of(PRODUCTS, "7"));
    assertThat(recorded.get(0).reason()).isEqualTo(RejectionReason.MISSING_COLUMN);
    assertThat(recorded.get(0).detail()).isEqualTo("no column 'title'");
  }

  @Test
  void theDeadLetterCarriesTheEpochUnderWhichItWasRead() {
    deadLetter("{");
    deadLetter("{", Map.of("x-freshet-source-epoch", "1"));
    deadLetter("{", Map.of("x-freshet-source-epoch", "1", "x-freshet-reason", "source-restarted"));

    assertThat(putAway).extracting(Rejection::sourceEpoch).containsExactly(3, 1, 3);
  }

  @Test
  void theDocumentOfALostDeliveryIsNotRemembered() {
    live = false;

    deadLetter("{\"id\":7}");

    assertThat(recorded).isEmpty();
    assertThat(events).containsExactly("put away");
  }

  @Test
  void aMessageThatTellsNoDocumentIsPutAwayAllTheSame() {
    deadLetter("{\"id\":null}");
    deadLetter("{");

    assertThat(events).containsExactly("put away", "put away");
  }

  @Test
  void aMessageThatIsTooLargeIsPutAwayUnread() {
    String column = ",\"x\":\"%s\"}".formatted("x".repeat(LARGEST_MESSAGE));

    assertThat(deadLetter("{\"id\":7" + column)).isTrue();

    assertThat(events).containsExactly("put away");
  }

  @Test
  void aMessageWhoseReadingEndsTheStackIsPutAwayAllTheSame() {
    types =
        () -> {
          throw new StackOverflowError();
        };

    assertThat(deadLetter("{\"id\":7}")).isTrue();

    assertThat(events).containsExactly("put away");
  }

  @Test
  void aLedgerThatDoesNotAnswerKeepsTheMessageWhereItIs() {
    refusal = new UnavailableException("the ledger does not answer");

    assertThatThrownBy(() -> deadLetter("{\"id\":7}")).isInstanceOf(UnavailableException.class);
    assertThat(events).isEmpty();
  }

  @Test
  void aKeyThatTheLedgerCannotHoldDoesNotKeepTheMessage() {
    refusal = new RejectedException(RejectionReason.REFUSED_BY_SINK, "a NUL character");

    assertThat(deadLetter("{\"id\":7}")).isTrue();
    assertThat(events).containsExactly("put away");
  }

  private final class Recorded implements FailureLedger {

    @Override
    public void record(DocumentFailure failure) {
      if (refusal != null) {
        throw refusal;
      }
      events.add("recorded");
      recorded.add(failure);
    }

    @Override
    public Optional<DocumentFailure> failureOf(DocumentId id) {
      return Optional.empty();
    }

    @Override
    public List<DocumentFailure> newest(int limit) {
      return List.of();
    }

    @Override
    public long count() {
      return 0;
    }

    @Override
    public void forget(DocumentId id, Position position) {}
  }

  private final class Kept extends IdleFeed {

    @Override
    public boolean deadLetter(Delivery delivery, Rejection rejection) {
      events.add("put away");
      putAway.add(rejection);
      return true;
    }
  }
}
