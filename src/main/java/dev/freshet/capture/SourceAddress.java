package dev.freshet.capture;

import dev.freshet.source.postgresql.SourceConnectionConfiguration;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.HostSpec;

/**
 * The source database as Debezium wants it named.
 *
 * @param host of several servers, all but the last with their ports
 * @param parameters those of the URL that say neither who connects nor where to
 */
record SourceAddress(
    String host,
    String port,
    String database,
    String user,
    @Nullable String password,
    Map<String, String> parameters) {

  SourceAddress {
    parameters = Map.copyOf(parameters);
  }

  /** What a URL without any setting means. */
  private static final String BARE = "jdbc:postgresql:";

  /**
   * Takes a URL apart as the driver does.
   *
   * @throws SQLException when no driver takes it
   */
  static SourceAddress of(SourceConnectionConfiguration configuration) throws SQLException {
    String url = Objects.requireNonNull(configuration.url(), "freshet.source.url is not set");
    Map<String, String> given = settings(url);
    given.entrySet().removeAll(settings(BARE).entrySet());
    List<String> hosts = list(given.remove("PGHOST"), "localhost");
    List<String> ports = list(given.remove("PGPORT"), "5432");
    var host = new StringBuilder();
    int last = hosts.size() - 1;
    for (int i = 0; i < last; i++) {
      host.append(hosts.get(i)).append(':').append(port(ports, i)).append(',');
    }
    String database = given.remove("PGDBNAME");
    String user = configuration.user() == null ? given.get("user") : configuration.user();
    String password =
        configuration.password() == null ? given.get("password") : configuration.password();
    given.keySet().removeAll(Set.of("user", "password"));
    String name = user == null ? System.getProperty("user.name") : user;
    return new SourceAddress(
        host + hosts.get(last),
        port(ports, last),
        database == null ? name : database,
        name,
        password,
        given);
  }

  /**
   * This address with one server: of several, that which the driver has chosen. Debezium takes one.
   */
  SourceAddress of(Connection chosen) throws SQLException {
    if (host.indexOf(',') < 0) {
      return this;
    }
    HostSpec server = chosen.unwrap(PgConnection.class).getQueryExecutor().getHostSpec();
    return new SourceAddress(
        server.getHost(), String.valueOf(server.getPort()), database, user, password, parameters);
  }

  private static Map<String, String> settings(String url) throws SQLException {
    var settings = new HashMap<String, String>();
    for (DriverPropertyInfo property :
        DriverManager.getDriver(url).getPropertyInfo(url, new Properties())) {
      if (property.value != null) {
        settings.put(property.name, property.value);
      }
    }
    return settings;
  }

  private static List<String> list(@Nullable String joined, String fallback) {
    return List.of((joined == null ? fallback : joined).split(",", -1));
  }

  /** Of servers with the usual port the driver names none. */
  private static String port(List<String> ports, int index) {
    return index < ports.size() ? ports.get(index) : "5432";
  }

  /** Without the password, for people. */
  @Override
  public String toString() {
    return host + ":" + port + "/" + database;
  }
}
