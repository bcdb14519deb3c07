package dev.freshet.logging;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.freshet.OneLine;

/** A message names tables, keys and URLs: whatever they hold, it stays one line of plain text. */
public final class PlainMessage extends MessageConverter {

  @Override
  public String convert(ILoggingEvent event) {
    String message = super.convert(event);
    return message == null ? "" : OneLine.of(message);
  }
}
