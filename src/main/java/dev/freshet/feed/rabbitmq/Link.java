package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A connection together with its sockets. The client's own ways to close can wait for a writer that
 * a broker or a dead network holds up; closing the socket ends that writer too.
 */
record Link(Connection connection, List<Socket> sockets) {

  /**
   * Starts a countdown that cuts the connection.
   *
   * @return to be completed when the work is done in time
   */
  CompletableFuture<Void> cutAfter(Duration patience) {
    var done = new CompletableFuture<Void>();
    var unused =
        done.exceptionally(
            late -> {
              cut();
              return null;
            });
    return done.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Closes politely, at most for so long. */
  void close(Duration patience) {
    var done = cutAfter(patience);
    try {
      connection.close(AMQP.REPLY_SUCCESS, "Freshet closes", Math.toIntExact(patience.toMillis()));
    } catch (IOException | ShutdownSignalException e) {
      cut();
    } finally {
      done.complete(null);
    }
  }

  /** Breaks off at once, whatever anyone waits for. */
  void cut() {
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        // It is of no use any more, closed or not.
      }
    }
  }
}
