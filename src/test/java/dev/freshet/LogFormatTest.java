package dev.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import net.logstash.logback.encoder.LogstashEncoder;
import org.junit.jupiter.api.Test;

class LogFormatTest {

  private static String line(String message, Map<String, String> context) throws IOException {
    String text = Files.readString(Path.of("src/main/resources/logback/text.xml"));
    var pattern = Pattern.compile("<pattern>(.*)</pattern>").matcher(text);
    assertThat(pattern.find()).isTrue();
    var logback = new LoggerContext();
    var layout = new PatternLayout();
    layout.setContext(logback);
    layout.setPattern(pattern.group(1));
    layout.start();
    Logger logger = logback.getLogger("dev.freshet.Test");
    var event = new LoggingEvent("", logger, Level.INFO, message, null, null);
    event.setMDCPropertyMap(context);
    return layout.doLayout(event);
  }

  @Test
  void aNameWithALineBreakForgesNoLine() throws Exception {
    assertThat(line("key 1\r\nERROR forged", Map.of()).lines())
        .singleElement()
        .asString()
        .endsWith("] Test: key 1 ERROR forged");
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
    Logger logger = logback.getLogger("dev.freshet.Test");
    var event = new LoggingEvent("", logger, Level.INFO, "x", null, null);
    event.setMDCPropertyMap(Map.of("traceId", "0af7", "spanId", "b7ad"));
    assertThat(new String(encoder.encode(event), StandardCharsets.UTF_8))
        .contains("\"traceId\":\"0af7\"", "\"spanId\":\"b7ad\"");
  }
}
