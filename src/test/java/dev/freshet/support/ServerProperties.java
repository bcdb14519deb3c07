package dev.freshet.support;

import java.util.List;
import java.util.Properties;

/**
 * What Debezium Server makes of its file for the engine inside it: the connector's own settings
 * without {@code debezium.source.}, the formats as converters, transforms as they are. The settings
 * of its sink are not the engine's.
 *
 * @see <a
 *     href="https://debezium.io/documentation/reference/stable/operations/debezium-server.html">Debezium
 *     Server</a>
 */
final class ServerProperties {

  private static final String PREFIX = "debezium.";
  private static final String SOURCE = PREFIX + "source.";
  private static final String SINK = PREFIX + "sink.";
  private static final String FORMAT = PREFIX + "format.";
  private static final String TRANSFORMS = PREFIX + "transforms";
  private static final List<String> PARTS = List.of("key.", "value.", "header.");

  private ServerProperties() {}

  static Properties ofEngine(Properties file) {
    var engine = new Properties();
    engine.put("name", "freshet");
    engine.put("offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore");
    for (String name : file.stringPropertyNames()) {
      String value = file.getProperty(name);
      if (name.startsWith(SOURCE)) {
        engine.put(name.substring(SOURCE.length()), value);
      } else if (name.startsWith(FORMAT)) {
        format(engine, name.substring(FORMAT.length()), value);
      } else if (name.startsWith(TRANSFORMS)) {
        engine.put(name.substring(PREFIX.length()), value);
      } else if (!name.startsWith(SINK)) {
        throw new IllegalArgumentException("Debezium Server has no setting " + name);
      }
    }
    return engine;
  }

  private static void format(Properties engine, String name, String value) {
    for (String part : PARTS) {
      if (name.startsWith(part)) {
        engine.put(part + "converter." + name.substring(part.length()), value);
        return;
      }
    }
    PARTS.forEach(part -> engine.put(part + "converter." + name, value));
  }
}
