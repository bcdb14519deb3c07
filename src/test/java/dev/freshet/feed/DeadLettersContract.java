package dev.freshet.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.RejectionReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link DeadLetters} does. */
public abstract class DeadLettersContract {

  private static final Instant FAILED_AT = Instant.parse("2024-02-29T12:00:00Z");
  private static final Rejection MISSING_KEY =
      new Rejection(RejectionReason.MISSING_KEY, "column id is null", FAILED_AT, 3);
  private static final Rejection MISSING_COLUMN =
      new Rejection(
          RejectionReason.MISSING_COLUMN,
          "no column title",
          Instant.parse("2024-03-01T00:00:00Z"),
          4);

  private ChangeFeed feed;

  /** A feed of its own for this test, not started. */
  protected abstract ChangeFeed createFeed() throws Exception;

  /** Where that feed's dead letters are. */
  protected abstract DeadLetters deadLetters() throws Exception;

  @BeforeEach
  void startFeed() throws Exception {
    feed = createFeed();
    feed.start();
    await().until(() -> feed.status().connected());
  }

  @AfterEach
  void closeFeed() {
    feed.close();
  }

  @Test
  void aDeadLetterTellsWhatItIsAndWhyAndWhenItArrived() throws Exception {
    publish(new ChangeMessage("public.products", Map.of("h", "{\"a\":1}"), "é".getBytes(UTF_8)));
    Delivery delivery = FeedReading.takeAll(feed, 1).get(0);
    feed.deadLetter(delivery, MISSING_KEY);

    try (DeadLetterBrowser held = deadLetters().open()) {
      DeadLetter letter = held.next().orElseThrow();

      assertThat(letter.id()).isNotBlank();
      assertThat(letter.message().routingKey()).isEqualTo("public.products");
      assertThat(letter.message().headers()).containsEntry("h", "{\"a\":1}");
      assertThat(letter.message().headers())
          .containsEntry("x-freshet-reason", "missing-key")
          .containsEntry("x-freshet-source-epoch", "3");
      assertThat(letter.message().body()).isEqualTo("é".getBytes(UTF_8));
      assertThat(letter.reason()).isEqualTo("missing-key");
      assertThat(letter.detail()).isEqualTo("column id is null");
      assertThat(letter.failedAt()).isEqualTo(FAILED_AT);
      assertThat(letter.receivedAt()).isEqualTo(delivery.receivedAt());
      assertThat(held.next()).isEmpty();
    }
  }

  @Test
  void lookingChangesNeitherOrderNorIds() throws Exception {
    deadLetter(numbered(50));

    List<DeadLetter> first = look(50);
    List<DeadLetter> some = look(7);
    List<DeadLetter> again = look(50);

    assertThat(bodies(first)).containsExactly(numbered(50));
    assertThat(bodies(some)).containsExactly(numbered(7));
    assertThat(bodies(again)).containsExactly(numbered(50));
    assertThat(ids(again)).isEqualTo(ids(first)).doesNotHaveDuplicates();
    await().untilAsserted(() -> assertThat(deadLetters().count()).isEqualTo(50));
  }

  @Test
  void whatComesDuringALookStandsBehind() throws Exception {
    deadLetter("a", "b");
    try (DeadLetterBrowser held = deadLetters().open()) {
      assertThat(held.next()).isPresent();
      assertThat(held.next()).isPresent();
      deadLetter("c");
    }

    assertThat(bodies(look(3))).containsExactly("a", "b", "c");
  }

  @Test
  void equalMessagesHaveDifferentIds() throws Exception {
    deadLetter("same", "same", "same");

    assertThat(ids(look(3))).doesNotHaveDuplicates();
  }

  @Test
  void whatIsInHandIsSeenByNobodyElse() throws Exception {
    deadLetter("a", "b", "c");
    try (DeadLetterBrowser mine = deadLetters().open();
        DeadLetterBrowser others = deadLetters().open()) {
      assertThat(text(mine.next().orElseThrow())).isEqualTo("a");

      assertThat(text(others.next().orElseThrow())).isEqualTo("b");
      assertThat(text(mine.next().orElseThrow())).isEqualTo("c");
      assertThat(others.next()).isEmpty();
    }

    assertThat(bodies(look(3))).containsExactly("a", "b", "c");
  }

  @Test
  void whatIsRemovedIsGoneAndTheOthersKeepTheirPlaces() throws Exception {
    deadLetter("a", "b", "c", "d");
    try (DeadLetterBrowser held = deadLetters().open()) {
      assertThat(held.next()).isPresent();
      held.remove(held.next().orElseThrow());
      assertThat(held.next()).isPresent();
    }

    assertThat(bodies(look(4))).containsExactly("a", "c", "d");
    assertThat(deadLetters().count()).isEqualTo(3);
  }

  @Test
  void whatIsReplacedStandsAtTheEndWithItsNewReasonAndItsOldId() throws Exception {
    deadLetter("a", "b", "c");
    List<DeadLetter> before = look(3);
    try (DeadLetterBrowser held = deadLetters().open()) {
      held.replace(held.next().orElseThrow(), MISSING_COLUMN);
      assertThat(held.next()).isPresent();
    }

    List<DeadLetter> after = look(4);

    assertThat(bodies(after)).containsExactly("b", "c", "a");
    DeadLetter replaced = after.get(2);
    assertThat(replaced.id()).isEqualTo(before.get(0).id());
    assertThat(replaced.reason()).isEqualTo("missing-column");
    assertThat(replaced.detail()).isEqualTo("no column title");
    assertThat(replaced.failedAt()).isEqualTo(MISSING_COLUMN.failedAt());
    assertThat(replaced.receivedAt()).isEqualTo(before.get(0).receivedAt());
    assertThat(replaced.message().routingKey()).isEqualTo("public.products");
    assertThat(replaced.message().headers())
        .containsEntry("x-freshet-reason", "missing-column")
        .containsEntry("x-freshet-source-epoch", "4");
  }

  @Test
  void anEmptyPlaceHasNone() throws Exception {
    try (DeadLetterBrowser held = deadLetters().open()) {
      assertThat(held.next()).isEmpty();
    }
    assertThat(deadLetters().count()).isZero();
  }

  /** Puts a message on the feed; one that nobody publishes to here overrides it. */
  protected void publish(ChangeMessage message) throws Exception {
    ((ChangePublisher) feed).publish(message);
  }

  /** Gives up messages with these bodies. */
  protected void deadLetter(String... bodies) throws Exception {
    for (String body : bodies) {
      publish(new ChangeMessage("public.products", Map.of(), body.getBytes(UTF_8)));
    }
    for (Delivery delivery : FeedReading.takeAll(feed, bodies.length)) {
      feed.deadLetter(delivery, MISSING_KEY);
    }
  }

  /** Looks at the first ones and puts them back. */
  protected List<DeadLetter> look(int limit) throws Exception {
    var seen = new ArrayList<DeadLetter>();
    try (DeadLetterBrowser held = deadLetters().open()) {
      for (Optional<DeadLetter> next = held.next(); next.isPresent(); next = held.next()) {
        seen.add(next.get());
        if (seen.size() == limit) {
          break;
        }
      }
    }
    return seen;
  }

  protected ChangeFeed feed() {
    return feed;
  }

  protected static List<String> bodies(List<DeadLetter> letters) {
    return letters.stream().map(DeadLettersContract::text).toList();
  }

  protected static List<String> ids(List<DeadLetter> letters) {
    return letters.stream().map(DeadLetter::id).toList();
  }

  private static String text(DeadLetter letter) {
    return new String(letter.message().body(), UTF_8);
  }

  private static String[] numbered(int count) {
    return IntStream.range(0, count).mapToObj("m%d"::formatted).toArray(String[]::new);
  }
}
