package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Reads the client's exceptions. */
final class BrokerFault {

  private static final String SEE_SETTING = "; see rabbitmq.uri (RABBITMQ_URL)";

  private BrokerFault() {}

  /** What the broker said, where it closed a channel or the connection with a reason. */
  static Optional<Reply> reply(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ShutdownSignalException signal) {
        return reply(signal);
      }
    }
    return Optional.empty();
  }

  /** Whether the broker closed a channel or the connection with this code. */
  static boolean hasCode(Throwable failure, int code) {
    return reply(failure).filter(reply -> reply.code() == code).isPresent();
  }

  private static Optional<Reply> reply(ShutdownSignalException signal) {
    if (signal.getReason() instanceof AMQP.Channel.Close close) {
      return Optional.of(new Reply(close.getReplyCode(), close.getReplyText()));
    }
    if (signal.getReason() instanceof AMQP.Connection.Close close) {
      return Optional.of(new Reply(close.getReplyCode(), close.getReplyText()));
    }
    return Optional.empty();
  }

  /** One phrase for people; never holds the password. */
  static String describe(Throwable failure, Broker broker) {
    if (failure instanceof TopologyMismatchException mismatch) {
      return String.valueOf(mismatch.getMessage());
    }
    if (failure instanceof UnknownHostException) {
      return "the host is unknown" + SEE_SETTING;
    }
    if (failure instanceof ConnectException) {
      return "the connection is refused" + SEE_SETTING;
    }
    if (failure instanceof AuthenticationFailureException
        || failure instanceof PossibleAuthenticationFailureException) {
      return "the broker refuses the credentials of user '%s'".formatted(broker.username())
          + SEE_SETTING;
    }
    if (failure instanceof SocketTimeoutException) {
      return "the host does not answer in time" + SEE_SETTING;
    }
    if (failure instanceof TimeoutException) {
      return "the broker does not answer in time";
    }
    if (failure instanceof SSLException) {
      return "no TLS connection: " + failure.getMessage() + SEE_SETTING;
    }
    return reply(failure).map(Reply::text).orElseGet(() -> describe(lastCause(failure)));
  }

  private static String describe(Throwable cause) {
    if (cause instanceof EOFException) {
      return "the connection broke off";
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private static Throwable lastCause(Throwable failure) {
    Throwable last = failure;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return last;
  }

  /** AMQP's reply code and text. */
  record Reply(int code, String text) {

    /** A queue did not take a message of a transaction; it may take it later. */
    boolean isIncompleteTransaction() {
      return isPreconditionFailed() && text.contains("partial tx completion");
    }

    boolean isPreconditionFailed() {
      return code == AMQP.PRECONDITION_FAILED;
    }
  }
}
