package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Consumer;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel's consumer. It is cancelled when more came than there is room for, and begins again
 * with a smaller prefetch once there is: a consumer's prefetch cannot be changed while it lives.
 */
final class Consumption {

  private static final Logger log = LoggerFactory.getLogger(Consumption.class);

  private final Channel channel;
  private final RabbitmqConfiguration names;
  private final Consumer receiver;
  private final Holdings holdings;
  private final Prefetch prefetch;
  private boolean consuming;
  private boolean stopped;

  Consumption(
      Channel channel,
      RabbitmqConfiguration names,
      Consumer receiver,
      Holdings holdings,
      Prefetch prefetch) {
    this.channel = channel;
    this.names = names;
    this.receiver = receiver;
    this.holdings = holdings;
    this.prefetch = prefetch;
  }

  synchronized void start() throws IOException {
    channel.basicQos(prefetch.count());
    channel.basicConsume(names.queue(), false, names.consumerTag(), receiver);
    consuming = true;
  }

  /**
   * To be called after each acknowledgement, and never on the connection's own thread: it waits for
   * the broker's answers.
   */
  synchronized void adjust() throws IOException {
    if (stopped) {
      return;
    }
    if (holdings.hasRefused()) {
      pause();
      if (holdings.hasRoom()) {
        giveBack();
      }
    } else if (prefetch.widen()) {
      pause();
      start();
    }
  }

  private void giveBack() throws IOException {
    int before = prefetch.count();
    prefetch.narrow(holdings.roomForRefused());
    if (prefetch.count() < before) {
      log.info(
          "Large messages: {} instead of {} are asked for in advance, to keep within"
              + " freshet.rabbitmq.prefetch-bytes",
          prefetch.count(),
          before);
    }
    for (long tag : holdings.takeRefused()) {
      channel.basicNack(tag, false, true);
    }
    start();
  }

  /** What was under way has arrived when the broker confirms. */
  private void pause() throws IOException {
    if (consuming) {
      channel.basicCancel(names.consumerTag());
      consuming = false;
    }
  }

  /** No further deliveries, for good. */
  synchronized void stop() throws IOException {
    stopped = true;
    pause();
  }
}
