package dev.freshet.feed.rabbitmq;

import static dev.freshet.feed.FeedReading.takeAll;
import static dev.freshet.feed.rabbitmq.TestBroker.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Rejection;
import dev.freshet.support.PrivateServices;
import dev.freshet.support.UsesPrivateServices;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** A broker that is low on memory lets publishers wait, and consumers not. */
@Isolated
@UsesPrivateServices
@Timeout(300)
class AlarmIT {

  private static PrivateServices services;

  private TestBroker broker;
  private RabbitmqFeed feed;

  @BeforeAll
  @Timeout(300)
  static void startServices() throws IOException {
    services = PrivateServices.borrow();
  }

  @AfterAll
  static void giveBack() throws IOException {
    services.close();
  }

  @BeforeEach
  void startFeed() throws Exception {
    broker = new TestBroker(TestBroker.settings(services.rabbitmqUrl()));
    feed = newFeed();
    feed.start();
    await().until(() -> feed.status().connected());
  }

  private RabbitmqFeed newFeed() throws Exception {
    return new RabbitmqFeed(
        TestBroker.settings(services.rabbitmqUrl()), names(), Clock.systemUTC());
  }

  /** Patient, so that a refusal at once is none by a timeout. */
  private RabbitmqConfiguration names() {
    return broker.configuration(Duration.ofSeconds(30));
  }

  @AfterEach
  void endAlarm() throws Exception {
    mend();
    feed.close();
    broker.close();
  }

  @Test
  void anAlarmIsHeardAndItsEndToo() throws Exception {
    feed.backlog();
    assertThat(feed.status().blocked()).isNull();

    alarm();

    await().until(() -> hears("low on memory"));
    assertThat(feed.status().connected()).isTrue();
    mend();
    await().untilAsserted(() -> assertThat(feed.status().blocked()).isNull());
  }

  @Test
  void anEventIsRefusedAtOnceAndNeverArrives() throws Exception {
    feed.publish(event("before"));
    alarm();

    refusedAtOnce("not yet heard");
    refusedAtOnce("heard");
    refusedAtOnce("heard".repeat(1_000_000));

    mend();
    await()
        .ignoreExceptionsInstanceOf(UnavailableException.class)
        .untilAsserted(() -> feed.publish(event("after")));
    assertThat(takeAll(feed, 2))
        .extracting(delivery -> new String(delivery.message().body(), StandardCharsets.UTF_8))
        .containsExactly("before", "after");
    assertThat(feed.take(1, Duration.ofSeconds(1))).isEmpty();
  }

  /** The first message of a connection is sent right after answers of the broker. */
  @Test
  void aLargeEventThatTheAlarmHoldsUpIsRefusedAtOnceToo() throws Exception {
    String body = "x".repeat(20_000_000);
    alarm();

    for (int connection = 0; connection < 20; connection++) {
      refusedAtOnce(body);
      feed.close();
      feed = newFeed();
      feed.start();
    }
  }

  @Test
  void aBrokenMessageBecomesOneDeadLetterHoweverOftenItIsTried() throws Exception {
    broker.send(KEY, "broken");
    Delivery broken = takeAll(feed, 1).get(0);
    alarm();

    for (int attempt = 0; attempt < 3; attempt++) {
      assertThatThrownBy(() -> feed.deadLetter(broken, rejection()))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("blocks publishers");
    }

    mend();
    await()
        .ignoreExceptionsInstanceOf(UnavailableException.class)
        .until(() -> feed.deadLetter(broken, rejection()));
    await().during(Duration.ofSeconds(1)).until(this::deadLetters, count -> count == 1);
  }

  @Test
  void aRestartUnderTheAlarmLeavesOneDeadLetterToo() throws Exception {
    broker.send(KEY, "broken");
    Delivery broken = takeAll(feed, 1).get(0);
    alarm();
    assertThatThrownBy(() -> feed.deadLetter(broken, rejection()))
        .isInstanceOf(UnavailableException.class);
    feed.close();
    feed = newFeed();
    feed.start();
    Delivery again = takeAll(feed, 1).get(0);

    mend();
    await()
        .ignoreExceptionsInstanceOf(UnavailableException.class)
        .until(() -> feed.deadLetter(again, rejection()));
    await().during(Duration.ofSeconds(1)).until(this::deadLetters, count -> count == 1);
  }

  private long deadLetters() throws IOException {
    return broker.waiting(names().deadLetterQueue());
  }

  private void refusedAtOnce(String body) {
    long started = System.nanoTime();
    assertThatThrownBy(() -> feed.publish(event(body)))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("blocks publishers: it is low on memory")
        .satisfies(
            refused ->
                assertThat(((UnavailableException) refused).retryAfter())
                    .contains(Duration.ofSeconds(5)));
    assertThat(Duration.ofNanos(System.nanoTime() - started))
        .isLessThan(names().timeout().dividedBy(3));
  }

  private boolean hears(String reason) {
    feed.backlog();
    return reason.equals(feed.status().blocked());
  }

  private static void alarm() {
    control("set_vm_memory_high_watermark", "absolute", "1");
  }

  private static void mend() {
    control("set_vm_memory_high_watermark", "0.4");
  }

  private static void control(String... arguments) {
    try {
      services.rabbitmqctl(arguments);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ChangeMessage event(String body) {
    return new ChangeMessage(KEY, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  private static Rejection rejection() {
    return new Rejection(RejectionReason.UNDECODABLE, "no JSON", Instant.EPOCH);
  }
}
