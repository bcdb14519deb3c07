package dev.freshet.feed.rabbitmq;

import static dev.freshet.feed.FeedReading.bodies;
import static dev.freshet.feed.FeedReading.takeAll;
import static dev.freshet.feed.rabbitmq.TestBroker.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.RejectionReason;
import dev.freshet.feed.Backlog;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Rejection;
import dev.freshet.support.BesideOthers;
import dev.freshet.support.PrivateServices;
import dev.freshet.support.UsesPrivateServices;
import io.micronaut.rabbitmq.connect.SingleRabbitConnectionFactoryConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docs/rabbitmq.md says of users, and of virtual hosts that make every queue quorum. */
@BesideOthers
@UsesPrivateServices
@Timeout(60)
class PermissionsIT {

  private static final String USER = "indexer";

  private static PrivateServices services;

  private TestBroker broker;
  private RabbitmqConfiguration names;

  @BeforeAll
  @Timeout(300)
  static void startServices() throws IOException {
    services = PrivateServices.borrow();
    services.rabbitmqctl("add_user", USER, USER);
    services.rabbitmqctl("add_vhost", "quorum", "--default-queue-type", "quorum");
    services.rabbitmqctl("set_permissions", "-p", "quorum", "guest", ".*", ".*", ".*");
  }

  @AfterAll
  static void giveBack() throws IOException {
    services.rabbitmqctl("delete_user", USER);
    services.rabbitmqctl("delete_vhost", "quorum");
    services.close();
  }

  @BeforeEach
  void connect() throws Exception {
    broker = new TestBroker(TestBroker.settings(services.rabbitmqUrl()));
    names = broker.configuration();
  }

  @AfterEach
  void deleteNames() throws Exception {
    broker.close();
  }

  @Test
  void aUserWithWhatIsDocumentedForDeclareHasAllThatFreshetDoes() throws Exception {
    String own =
        any(names.exchange(), names.unrouted(), names.deadLetterExchange())
            .replace(
                ")$", "|" + quoted(names.queue()) + "|" + quoted(names.deadLetterQueue()) + ")$");
    permit(own, own.replace(")$", "|amq\\.default)$"), own);

    try (RabbitmqFeed feed = feed(names)) {
      worksWhole(feed);
      assertThat(feed.status().remarks()).isEmpty();
    }
  }

  @Test
  void aUserWithWhatIsDocumentedForCheckHasAllThatFreshetDoes() throws Exception {
    new Topology(names).prepare(broker.connection());
    permit(
        "^$",
        any(names.exchange(), names.deadLetterExchange(), "amq.default"),
        any(names.queue(), names.deadLetterQueue()));

    try (RabbitmqFeed feed = feed(broker.configuration(TopologyMode.CHECK, null, Map.of()))) {
      worksWhole(feed);
      assertThat(feed.status().remarks()).isEmpty();
    }
  }

  @Test
  void aUserWithoutConfigureConsumesWhatIsThereByDefault() throws Exception {
    new Topology(names).prepare(broker.connection());
    permit(
        "^$",
        any(names.exchange(), names.deadLetterExchange()),
        any(names.queue(), names.deadLetterQueue()));

    try (RabbitmqFeed feed = feed(names)) {
      worksWhole(feed);
      assertThat(feed.status().remarks())
          .anySatisfy(remark -> assertThat(remark).contains("may not declare", names.queue()))
          .anySatisfy(remark -> assertThat(remark).contains("may not bind", names.queue()));
    }
  }

  @Test
  void aUserWhoMayOnlyReadTheQueueConsumes() throws Exception {
    new Topology(names).prepare(broker.connection());
    permit("^$", "^$", any(names.queue()));

    try (RabbitmqFeed feed = feed(names)) {
      feed.start();
      await().until(() -> feed.status().connected());
      broker.send(KEY, "a");

      assertThat(bodies(takeAll(feed, 1))).containsExactly("a");
      assertThat(feed.backlog()).contains(new Backlog(0, 0));
    }
  }

  @Test
  void aMissingQueueThatTheUserMayNotDeclareIsNamed() throws Exception {
    permit("^$", "^$", "^$");

    try (RabbitmqFeed feed = feed(names)) {
      feed.start();

      await()
          .untilAsserted(
              () ->
                  assertThat(feed.status().description())
                      .contains("queue '%s' does not exist".formatted(names.queue()))
                      .contains("'configure' permission"));
    }
  }

  @Test
  void whereEveryQueueIsAQuorumQueueDeadLettersAreNot() throws Exception {
    SingleRabbitConnectionFactoryConfig settings =
        TestBroker.settings(services.rabbitmqUrl() + "quorum");
    var quorum = new TestBroker(settings);
    Layout layout = new Topology(names).prepare(quorum.connection());

    quorum
        .channel()
        .queueDeclare(
            names.deadLetterQueue(), true, false, false, Map.of("x-queue-type", "classic"));
    // From RabbitMQ 4 on it is; before, the virtual host's metadata alone says so.
    assertThat(layout.remarks()).allSatisfy(remark -> assertThat(remark).contains("quorum queue"));
    quorum.close();
  }

  private void worksWhole(RabbitmqFeed feed) throws Exception {
    feed.start();
    await().until(() -> feed.status().connected());
    broker.send(KEY, "good", "broken");
    List<Delivery> taken = takeAll(feed, 2);
    feed.acknowledge(taken.subList(0, 1));
    assertThat(
            feed.deadLetter(
                taken.get(1), new Rejection(RejectionReason.UNDECODABLE, "no JSON", Instant.EPOCH)))
        .isTrue();
    feed.publish(new ChangeMessage(KEY, Map.of(), "posted".getBytes(StandardCharsets.UTF_8)));
    assertThat(bodies(takeAll(feed, 1))).containsExactly("posted");
    assertThat(feed.backlog()).contains(new Backlog(0, 1));
    assertThat(feed.status().blocked()).isNull();
  }

  private static void permit(String configure, String write, String read) throws IOException {
    services.rabbitmqctl("set_permissions", USER, configure, write, read);
  }

  private static String any(String... names) {
    var quoted = new StringBuilder();
    for (String name : names) {
      quoted.append(quoted.isEmpty() ? "" : "|").append(quoted(name));
    }
    return "^(" + quoted + ")$";
  }

  private static String quoted(String name) {
    return name.replace(".", "\\.");
  }

  private static RabbitmqFeed feed(RabbitmqConfiguration names) throws Exception {
    SingleRabbitConnectionFactoryConfig settings = TestBroker.settings(services.rabbitmqUrl());
    settings.setUsername(USER);
    settings.setPassword(USER);
    return new RabbitmqFeed(settings, names, Clock.systemUTC());
  }
}
