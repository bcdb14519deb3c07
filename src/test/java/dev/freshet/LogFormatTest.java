package dev.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import net.logstash.logback.encoder.LogstashEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.InputSource;

class LogFormatTest {

  private static final String CONFIGURATION =
      """
      <configuration>
        <include resource="logback/text.xml"/>
        <root level="INFO"><appender-ref ref="console"/></root>
      </configuration>
      """;

  private static String line(String message, Map<String, String> context) throws JoranException {
    var event = event(new LoggerContext(), message, null);
    event.setMDCPropertyMap(context);
    return written(event);
  }

  private static LoggingEvent event(LoggerContext logback, String message, Throwable thrown) {
    Logger logger = logback.getLogger("dev.freshet.Test");
    return new LoggingEvent("", logger, Level.INFO, message, thrown, null);
  }

  private static String written(LoggingEvent event) throws JoranException {
    var logback = new LoggerContext();
    var configurator = new JoranConfigurator();
    configurator.setContext(logback);
    configurator.doConfigure(new InputSource(new StringReader(CONFIGURATION)));
    var console =
        (OutputStreamAppender<ILoggingEvent>)
            logback.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("console");
    return new String(console.getEncoder().encode(event), StandardCharsets.UTF_8);
  }

  @Test
  void aNameWithALineBreakForgesNoLine() throws Exception {
    assertThat(line("key 1\r\nERROR forged", Map.of()).lines())
        .singleElement()
        .asString()
        .endsWith("] Test: key 1 ERROR forged");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u001b[2J", "\u202e", "\u2066", "\u0085", "\u2028", "\b", "\u009b"})
  void whatMovesTheCursorOrTurnsTextAroundIsLeftOut(String unsafe) throws Exception {
    assertThat(line("key " + unsafe + "1", Map.of()))
        .doesNotContain(unsafe)
        .doesNotContain(unsafe.substring(0, 1))
        .contains("Test: key ");
  }

  @Test
  void anExceptionsMessageForgesNoLineAndKeepsItsTrace() throws Exception {
    var inner = new IllegalStateException("inner\n2026-01-01 ERROR forged\u202e");
    var thrown = new IllegalArgumentException("outer\u001b[31m\nERROR forged", inner);
    thrown.addSuppressed(new IllegalStateException("aside\nERROR forged"));
    var event = event(new LoggerContext(), "it failed", thrown);
    event.setMDCPropertyMap(Map.of());
    String text = written(event);
    assertThat(text)
        .contains("Test: it failed\n")
        .contains("java.lang.IllegalArgumentException: outer [31m ERROR forged\n")
        .contains("Caused by: java.lang.IllegalStateException: inner 2026-01-01 ERROR forged")
        .contains("Suppressed: java.lang.IllegalStateException: aside ERROR forged")
        .contains("\tat dev.freshet.LogFormatTest")
        .doesNotContain("\u001b", "\u202e");
    assertThat(text.lines()).noneMatch(line -> line.startsWith("ERROR"));
  }

  @Test
  void theTraceIsShownWhereThereIsOne() throws Exception {
    String line = line("x", Map.of("traceId", "0af7", "spanId", "b7ad"));
    assertThat(line).contains("] 0af7/b7ad Test: x");
  }

  @Test
  void jsonLinesHaveTheTraceAsFields() {
    var encoder = new LogstashEncoder();
    var logback = new LoggerContext();
    encoder.setContext(logback);
    encoder.start();
    var event = event(logback, "x\n\u001b", null);
    event.setMDCPropertyMap(Map.of("traceId", "0af7", "spanId", "b7ad"));
    assertThat(new String(encoder.encode(event), StandardCharsets.UTF_8))
        .contains("\"traceId\":\"0af7\"", "\"spanId\":\"b7ad\"", "\"x\\n\\u001B\"");
  }
}
