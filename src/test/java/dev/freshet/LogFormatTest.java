package dev.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LogFormatTest {

  @Test
  void aNameWithALineBreakForgesNoLine() throws Exception {
    String text = Files.readString(Path.of("src/main/resources/logback/text.xml"));
    var pattern = Pattern.compile("<pattern>(.*)</pattern>").matcher(text);
    assertThat(pattern.find()).isTrue();
    var context = new LoggerContext();
    var layout = new PatternLayout();
    layout.setContext(context);
    layout.setPattern(pattern.group(1));
    layout.start();
    Logger logger = context.getLogger("dev.freshet.Test");
    var event = new LoggingEvent("", logger, Level.INFO, "key 1\r\nERROR forged", null, null);

    assertThat(layout.doLayout(event).lines())
        .singleElement()
        .asString()
        .endsWith("Test: key 1 ERROR forged");
  }
}
