package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;

/**
 * A channel that publishes nothing, beside one that does. A call of the client returns a moment
 * before its reading thread is done with the answer, for which the thread needs the channel's lock.
 * A large message that is published in that moment holds the lock until it is written: a broker
 * that blocks publishers does not read it, and cannot be heard saying so.
 */
final class QuietChannel {

  private final Channel channel;

  QuietChannel(Connection connection) throws IOException {
    this.channel = connection.createChannel();
  }

  /**
   * Returns once the reading thread is done with all answers to other channels that came before.
   */
  void catchUp() throws IOException {
    channel.basicQos(1);
  }
}
