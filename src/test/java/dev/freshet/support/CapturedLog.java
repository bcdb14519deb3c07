package dev.freshet.support;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** What is logged while it is open, stack traces too: Freshet's own lines at every level. */
public final class CapturedLog implements AutoCloseable {

  private static final Map<String, Level> LEVELS =
      Map.of(
          "dev.freshet", Level.TRACE,
          "io.micronaut", Level.INFO,
          "com.rabbitmq", Level.INFO,
          "com.zaxxer", Level.INFO,
          "org.flywaydb", Level.INFO,
          "org.jdbi", Level.INFO,
          "org.postgresql", Level.INFO,
          "org.apache.lucene", Level.INFO);

  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Queue<Line> events = new ConcurrentLinkedQueue<>();
  private final Lines appender = new Lines();

  /** A line with what its thread's context (MDC) held. */
  public record Line(String message, Map<String, String> context) {}

  private final class Lines extends AppenderBase<ILoggingEvent> {

    @Override
    protected void append(ILoggingEvent event) {
      String trace = ThrowableProxyUtil.asString(event.getThrowableProxy());
      events.add(new Line(event.getFormattedMessage(), event.getMDCPropertyMap()));
      lines.add(event.getLevel() + " " + event.getFormattedMessage() + " " + trace);
    }
  }

  private CapturedLog() {}

  public static CapturedLog open() {
    var log = new CapturedLog();
    log.appender.start();
    LEVELS.forEach(
        (name, level) -> {
          Logger logger = logger(name);
          logger.setLevel(level);
          logger.setAdditive(false);
          logger.addAppender(log.appender);
        });
    return log;
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }

  public List<String> lines() {
    return List.copyOf(lines);
  }

  /** The lines whose message contains this. */
  public List<Line> linesWith(String part) {
    return events.stream().filter(line -> line.message().contains(part)).toList();
  }

  @Override
  public String toString() {
    return lines.stream().collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    LEVELS
        .keySet()
        .forEach(
            name -> {
              Logger logger = logger(name);
              logger.detachAppender(appender);
              logger.setAdditive(true);
              logger.setLevel(null);
            });
  }
}
