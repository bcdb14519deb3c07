package dev.freshet.start;

import dev.freshet.MisconfiguredException;
import dev.freshet.OneLine;
import io.micronaut.context.exceptions.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why the service does not start, for people and for a supervisor.
 *
 * @param message one line: what is wrong and how to mend it
 * @param exitCode {@link #CONFIGURATION} where another start fails likewise until somebody changes
 *     something, else {@link #FAILED}
 */
record StartFailure(String message, int exitCode) {

  /** EX_CONFIG of sysexits.h. */
  static final int CONFIGURATION = 78;

  static final int FAILED = 1;

  private static final Logger LOG = LoggerFactory.getLogger(StartFailure.class);
  private static final String OWN = "dev.freshet.";

  /** Finds the cause that says most: Freshet's own, behind those of the framework. */
  static StartFailure of(Throwable failure) {
    List<Throwable> causes = causes(failure);
    for (Throwable cause : causes) {
      if (isOwn(cause) && cause.getMessage() != null) {
        return new StartFailure(message(cause), exitCode(cause));
      }
    }
    String innermost = reason(failure);
    return causes.stream().anyMatch(ConfigurationException.class::isInstance)
        ? new StartFailure("The configuration is wrong: " + innermost, CONFIGURATION)
        : new StartFailure(
            "The start failed: " + innermost + "; LOG_LEVEL=DEBUG shows where", FAILED);
  }

  /** What the innermost cause says, in one line. */
  static String reason(Throwable failure) {
    List<Throwable> causes = causes(failure);
    return message(causes.get(causes.size() - 1));
  }

  private static int exitCode(Throwable own) {
    if (own instanceof Address.UnusableException unusable) {
      return unusable.heals() ? FAILED : CONFIGURATION;
    }
    return own instanceof IllegalArgumentException || own instanceof MisconfiguredException
        ? CONFIGURATION
        : FAILED;
  }

  private static List<Throwable> causes(Throwable failure) {
    var causes = new ArrayList<Throwable>();
    for (Throwable cause = failure;
        cause != null && !causes.contains(cause);
        cause = cause.getCause()) {
      causes.add(cause);
    }
    return causes;
  }

  /** What Freshet's code says by itself is said for people. */
  private static boolean isOwn(Throwable cause) {
    StackTraceElement[] trace = cause.getStackTrace();
    return trace.length > 0 && trace[0].getClassName().startsWith(OWN);
  }

  private static String message(Throwable cause) {
    return OneLine.of(cause.getMessage() == null ? cause.toString() : cause.getMessage()).strip();
  }

  /** Says it in the form that the log has. */
  void tell() {
    if ("json".equals(System.getenv("LOG_FORMAT"))) {
      LOG.error("{}", message);
    } else {
      System.err.println("freshet: " + message);
    }
  }
}
