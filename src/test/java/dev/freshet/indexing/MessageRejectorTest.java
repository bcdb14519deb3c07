package dev.freshet.indexing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.Backoff;
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
import dev.freshet.feed.Partition;
import dev.freshet.feed.Rejection;
import dev.freshet.ledger.DocumentFailure;
import dev.freshet.ledger.FailureLedger;
import dev.freshet.support.ForgetfulProgress;
import dev.freshet.support.IdleFeed;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class MessageRejectorTest {

  private static final TableId PRODUCTS = TableId.parse("public.products");
  private static final int LARGEST_MESSAGE = 100;

  private final List<String> events = new ArrayList<>();
  private final List<DocumentFailure> recorded = new ArrayList<>();
  private final List<Rejection> putAway = new ArrayList<>();
  private boolean live = true;
  private RuntimeException refusal;
  private Supplier<Map<String, ColumnType>> types = Map::of;
  private final MessageReader reader =
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
          new SizeLimits(LARGEST_MESSAGE, LARGEST_MESSAGE));
  private final Kept feed = new Kept();
  private final Signals signals = Signals.of(new SimpleMeterRegistry());
  private final IndexingMetrics metrics = new IndexingMetrics(signals);
  private final MessageRejector rejector =
      new MessageRejector(
          feed,
          reader,
          new FailureRecorder(new Recorded()),
          ForgetfulProgress.of(feed),
          new Retries(
              new Backoff(Duration.ZERO, Duration.ZERO, new Random()),
              duration -> {
                throw new InterruptedException("given up");
              },
              metrics,
              Clock.systemUTC()),
          metrics,
          Clock.systemUTC());

  private record Taken(ChangeMessage message, Instant receivedAt, boolean isLive)
      implements Delivery {

    @Override
    public Partition partition() {
      return Partition.ONLY;
    }
  }

  private void reject(String body) throws InterruptedException {
    reject(body, Map.of());
  }

  private void reject(String body, Map<String, String> headers) throws InterruptedException {
    rejector.reject(read(body, headers));
  }

  /** What the loop makes of a message that can never be indexed. */
  private Batch.Faulty read(String body, Map<String, String> headers) {
    var message =
        new ChangeMessage("public.products", headers, body.getBytes(StandardCharsets.UTF_8));
    Delivery delivery = new Taken(message, Instant.EPOCH, live);
    return Batch.of(List.of(delivery), reader, Tracing.OFF, Clock.systemUTC()).faulty().get(0);
  }

  @Test
  void theRowOfAnotherSourceIsNotTheDocumentThatTheIndexKnows() throws Exception {
    Batch.Faulty read = read("{\"id\":7}", Map.of());
    var foreign = new Rejection(RejectionReason.OTHER_SOURCE, "of another source", Instant.EPOCH);

    rejector.reject(
        new Batch.Faulty(
            read.delivery(),
            foreign,
            read.document(),
            read.origin(),
            read.progress(),
            read.trace()));

    assertThat(events).containsExactly("put away");
  }

  @Test
  void theDocumentIsRememberedBeforeTheMessageIsPutAway() throws Exception {
    reject("{\"id\":7}");

    assertThat(events).containsExactly("recorded", "put away");
    assertThat(recorded.get(0).id()).isEqualTo(DocumentId.of(PRODUCTS, "7"));
    assertThat(recorded.get(0).reason()).isEqualTo(RejectionReason.MISSING_COLUMN);
    assertThat(recorded.get(0).detail()).contains("title");
    assertThat(signals.recent().all())
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.table()).isEqualTo("public.products");
              assertThat(change.key()).isEqualTo("7");
              assertThat(change.outcome()).isEqualTo("dead-lettered");
              assertThat(change.reason()).isEqualTo("missing-column");
            });
  }

  @Test
  void theDeadLetterCarriesTheEpochUnderWhichItWasRead() throws Exception {
    reject("{");
    reject("{", Map.of("x-freshet-source-epoch", "1"));
    reject("{", Map.of("x-freshet-source-epoch", "1", "x-freshet-reason", "source-restarted"));

    assertThat(putAway).extracting(Rejection::sourceEpoch).containsExactly(3, 1, 3);
  }

  @Test
  void theDocumentOfALostDeliveryIsNotRemembered() throws Exception {
    live = false;

    reject("{\"id\":7}");

    assertThat(recorded).isEmpty();
    assertThat(events).containsExactly("put away");
  }

  @Test
  void aMessageThatTellsNoDocumentIsPutAwayAllTheSame() throws Exception {
    reject("{\"id\":null}");
    reject("{");

    assertThat(events).containsExactly("put away", "put away");
  }

  @Test
  void aMessageThatIsTooLargeIsPutAwayUnread() throws Exception {
    String column = ",\"x\":\"%s\"}".formatted("x".repeat(LARGEST_MESSAGE));

    reject("{\"id\":7" + column);

    assertThat(events).containsExactly("put away");
  }

  @Test
  void aMessageWhoseReadingEndsTheStackIsPutAwayAllTheSame() throws Exception {
    types =
        () -> {
          throw new StackOverflowError();
        };

    reject("{\"id\":7}");

    assertThat(events).containsExactly("put away");
  }

  @Test
  void aLedgerThatDoesNotAnswerKeepsTheMessageWhereItIs() throws Exception {
    refusal = new UnavailableException("the ledger does not answer");

    assertThatThrownBy(() -> reject("{\"id\":7}")).isInstanceOf(InterruptedException.class);
    assertThat(events).isEmpty();
  }

  @Test
  void aKeyThatTheLedgerCannotHoldDoesNotKeepTheMessage() throws Exception {
    refusal = new RejectedException(RejectionReason.REFUSED_BY_SINK, "a NUL character");

    reject("{\"id\":7}");
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
