package dev.freshet.crash;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.support.SimulatedSource;
import dev.freshet.support.TestQueue;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a source's changes without end, as Debezium Server does: persistent, confirmed, and at
 * least once. When it loses the broker, and now and then without a reason, it starts again some
 * messages before the last confirmed one. It holds back while many messages wait.
 */
final class ChangeStream implements AutoCloseable {

  private static final int FIRST_PROBE = 1_000;
  private static final int MOST_WAITING = 400;
  private static final int TAIL = 40;
  private static final int CONFIRM_MILLIS = 10_000;

  private final SimulatedSource source;
  private final String url;
  private final TestQueue queue;
  private final Random random;
  private final ReentrantLock turn = new ReentrantLock(true);
  private final Deque<ChangeMessage> confirmed = new ArrayDeque<>();
  private final Thread thread = new Thread(this::run, "change-stream");
  private volatile boolean stopped;
  private volatile @Nullable Throwable failure;
  private @Nullable Connection connection;
  private @Nullable Channel channel;
  private boolean startsAgain;
  private final AtomicLong published = new AtomicLong();
  private long repeated;
  private int probes;

  ChangeStream(SimulatedSource source, String url, TestQueue queue, Random random) {
    this.source = source;
    this.url = url;
    this.queue = queue;
    this.random = random;
    thread.setDaemon(true);
  }

  void start() {
    turn.lock();
    try {
      publish(source.snapshot());
    } finally {
      turn.unlock();
    }
    thread.start();
  }

  /** Does something while the source is silent and all it wrote is confirmed. */
  <T> T whilePaused(Callable<T> action) throws Exception {
    turn.lock();
    try {
      return action.call();
    } finally {
      turn.unlock();
    }
  }

  /** Writes a row of which nothing was published before; while paused only. */
  String probe() {
    String table = SimulatedSource.TABLES.get(0);
    int id = FIRST_PROBE + ++probes;
    publish(source.write(table, id));
    return table + "/" + id;
  }

  /** Changes, each counted once. */
  long published() {
    return published.get();
  }

  /** Messages that were published again. */
  long repeated() {
    return repeated;
  }

  /** What ended the stream; null while it goes on. */
  @Nullable Throwable failure() {
    return failure;
  }

  private void run() {
    try {
      while (!stopped) {
        turn.lock();
        try {
          step();
        } finally {
          turn.unlock();
        }
        TimeUnit.MILLISECONDS.sleep(5 + random.nextInt(20));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      failure = e;
    }
  }

  private void step() {
    // Once it has ended, the source must not change any more either.
    if (stopped || isFull()) {
      return;
    }
    var messages = new ArrayList<ChangeMessage>();
    int transactions = 1 + random.nextInt(5);
    for (int i = 0; i < transactions; i++) {
      messages.addAll(source.next());
    }
    startsAgain |= random.nextInt(200) == 0;
    publish(messages);
  }

  private boolean isFull() {
    try {
      return openChannel().messageCount(queue.queue()) > MOST_WAITING;
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      lose();
      return true;
    }
  }

  private void publish(List<ChangeMessage> messages) {
    while (!stopped) {
      List<ChangeMessage> tail = startsAgain ? tail() : List.of();
      try {
        send(tail);
        send(messages);
        openChannel().waitForConfirmsOrDie(CONFIRM_MILLIS);
        repeated += tail.size();
        startsAgain = false;
        remember(messages);
        published.addAndGet(messages.size());
        return;
      } catch (IOException | TimeoutException | ShutdownSignalException e) {
        lose();
        startsAgain = true;
        pause();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<ChangeMessage> tail() {
    List<ChangeMessage> all = List.copyOf(confirmed);
    return all.subList(all.size() - random.nextInt(all.size() + 1), all.size());
  }

  private void remember(List<ChangeMessage> messages) {
    confirmed.addAll(messages);
    while (confirmed.size() > TAIL) {
      confirmed.removeFirst();
    }
  }

  private void send(List<ChangeMessage> messages) throws IOException, TimeoutException {
    for (ChangeMessage message : messages) {
      var properties =
          new BasicProperties.Builder()
              .deliveryMode(2)
              .headers(new HashMap<>(message.headers()))
              .build();
      openChannel()
          .basicPublish(queue.exchange(), message.routingKey(), true, properties, message.body());
    }
  }

  private Channel openChannel() throws IOException, TimeoutException {
    Channel current = channel;
    if (current == null) {
      Connection opened = connect();
      connection = opened;
      current = opened.createChannel();
      current.confirmSelect();
      current.addReturnListener(
          message -> failure = new AssertionError("no queue takes " + message.getRoutingKey()));
      channel = current;
    }
    return current;
  }

  private Connection connect() throws IOException, TimeoutException {
    try {
      var factory = new ConnectionFactory();
      factory.setUri(url.replaceFirst("/$", ""));
      factory.setAutomaticRecoveryEnabled(false);
      return factory.newConnection("change-stream");
    } catch (java.net.URISyntaxException | java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void lose() {
    Connection last = connection;
    connection = null;
    channel = null;
    if (last != null) {
      last.abort(1_000);
    }
  }

  /** Ends after the transaction in hand, which is then confirmed. */
  @Override
  public void close() {
    turn.lock();
    try {
      stopped = true;
      lose();
    } finally {
      turn.unlock();
    }
  }
}
