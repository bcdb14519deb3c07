package dev.freshet.logging;

import static java.util.Comparator.comparingInt;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import dev.freshet.Spelling;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Changes log levels while the process runs. A change holds until it is taken back, or the process
 * ends; then the loggers have the levels that the start gave them, such as {@code LOG_LEVEL}.
 */
public final class LogLevels {

  public static final List<String> LEVELS =
      List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF");

  private static final Pattern NAME = Pattern.compile("[\\w$]{1,100}(\\.[\\w$]{1,100}){0,20}");

  private final LoggerContext context;

  /** What the start gave to those that were changed; empty for what the logger above has. */
  private final Map<String, Optional<Level>> former = new HashMap<>();

  public LogLevels(LoggerContext context) {
    this.context = context;
  }

  /**
   * A logger.
   *
   * @param level of the lines that it writes at least
   * @param changed whether that was set while the process ran
   */
  public record LoggerLevel(String name, String level, boolean changed) {}

  /** The loggers that have a level of their own; the others have that of the logger above. */
  public synchronized List<LoggerLevel> own() {
    return context.getLoggerList().stream()
        .filter(logger -> logger.getLevel() != null)
        .map(this::described)
        .toList();
  }

  /**
   * Whether something may log by this name: a logger that is there, or a class or a package that is
   * not loaded yet.
   */
  public boolean isKnown(String name) {
    if (!NAME.matcher(name).matches()) {
      return false;
    }
    String path = name.replace('.', '/');
    ClassLoader classes = LogLevels.class.getClassLoader();
    return context.exists(name) != null
        || classes.getResource(path + ".class") != null
        || classes.getResource(path) != null;
  }

  /** The logger whose name is written most like this one. */
  public String nearest(String name) {
    return context.getLoggerList().stream()
        .map(Logger::getName)
        .min(comparingInt(known -> Spelling.distance(known, name)))
        .orElseThrow();
  }

  /**
   * Sets a level.
   *
   * @param level one of {@link #LEVELS}
   */
  public synchronized LoggerLevel set(String name, String level) {
    Logger logger = context.getLogger(name);
    former.putIfAbsent(name, Optional.ofNullable(logger.getLevel()));
    logger.setLevel(Level.valueOf(level));
    return described(logger);
  }

  /** Gives a logger the level again that it had from the start. */
  public synchronized LoggerLevel reset(String name) {
    Logger logger = context.getLogger(name);
    Optional<Level> atStart = former.remove(name);
    if (atStart != null) {
      logger.setLevel(atStart.orElse(null));
    }
    return described(logger);
  }

  private LoggerLevel described(Logger logger) {
    return new LoggerLevel(
        logger.getName(),
        logger.getEffectiveLevel().toString(),
        former.containsKey(logger.getName()));
  }
}
