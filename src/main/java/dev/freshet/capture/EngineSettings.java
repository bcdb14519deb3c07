package dev.freshet.capture;

import dev.freshet.changeevent.TableId;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What Debezium's engine is told.
 *
 * @see <a
 *     href="https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-connector-properties">Debezium's
 *     connector properties</a>
 */
final class EngineSettings {

  /** Those that Debezium has under its own names; the driver gets the others as they are. */
  private static final Set<String> TLS =
      Set.of("sslmode", "sslrootcert", "sslcert", "sslkey", "sslpassword", "sslfactory");

  /** Where the server does not answer, in seconds: it sends something more often than that. */
  private static final Map<String, String> DRIVER =
      Map.of(
          "socketTimeout", "60",
          "connectTimeout", "10",
          "tcpKeepAlive", "true",
          "options", "-c wal_sender_timeout=20s");

  private EngineSettings() {}

  /**
   * @param tables the names under which rows come
   * @param snapshotMode Debezium's {@code snapshot.mode}
   * @param offsets by which {@link NoteOffsets} finds its note
   */
  static Properties of(
      SourceAddress source,
      CaptureConfiguration configuration,
      Collection<TableId> tables,
      String snapshotMode,
      String offsets) {
    var settings = new Properties();
    settings.put("name", configuration.topicPrefix());
    settings.put("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
    settings.put("database.hostname", source.host());
    settings.put("database.port", source.port());
    settings.put("database.dbname", source.database());
    settings.put("database.user", source.user());
    if (source.password() != null) {
      settings.put("database.password", source.password());
    }
    DRIVER.forEach((name, value) -> settings.put("driver." + name, value));
    source
        .parameters()
        .forEach(
            (name, value) ->
                settings.put((TLS.contains(name) ? "database." : "driver.") + name, value));
    settings.put("topic.prefix", configuration.topicPrefix());
    settings.put("plugin.name", "pgoutput");
    settings.put("slot.name", configuration.slot());
    // The former reader's connection may linger for a moment.
    settings.put("slot.max.retries", "5");
    settings.put("slot.retry.delay.ms", "200");
    settings.put("publication.name", configuration.publication());
    settings.put("publication.autocreate.mode", "disabled");
    settings.put("table.include.list", included(tables));
    settings.put("snapshot.mode", snapshotMode);
    settings.put("snapshot.mode.custom.name", ResumedSnapshot.NAME);
    settings.put("snapshot.fetch.size", "200");
    settings.put("create.slot.command.timeout", "30");
    settings.put("skipped.operations", "none");
    settings.put("tombstones.on.delete", "false");
    settings.put("poll.interval.ms", "5");
    settings.put("max.batch.size", "512");
    settings.put("max.queue.size", "1024");
    settings.put("max.queue.size.in.bytes", String.valueOf(configuration.windowBytes()));
    // They come from this JVM, and only carry how far the slot was read.
    settings.put("heartbeat.interval.ms", "1000");
    settings.put("errors.max.retries", "0");
    settings.put("offset.storage", NoteOffsets.class.getName());
    settings.put(NoteOffsets.KEY, offsets);
    settings.put("offset.flush.interval.ms", "5000");
    // Two engines in one JVM would have one name in JMX, and wait for it.
    settings.put("custom.metric.tags", "run=" + UUID.randomUUID());
    settings.put("converters", "numeric");
    settings.put("numeric.type", RequiredNumerics.class.getName());
    // The schema says what a number stands for: without it decimals are base64, and dates are days.
    settings.put("value.converter.schemas.enable", "true");
    settings.put("key.converter.schemas.enable", "false");
    settings.put("header.converter.schemas.enable", "false");
    settings.put("value.converter.replace.null.with.default", "false");
    return settings;
  }

  /** Regular expressions, which match these names only. */
  private static String included(Collection<TableId> tables) {
    return tables.stream()
        .map(table -> table.toString().replaceAll("([^A-Za-z0-9_])", "\\\\$1"))
        .collect(Collectors.joining(","));
  }
}
