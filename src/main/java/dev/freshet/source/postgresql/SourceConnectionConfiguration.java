package dev.freshet.source.postgresql;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import io.micronaut.core.bind.annotation.Bindable;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Where the source database is: the very database that is captured, and no standby of it.
 *
 * @param url null where Freshet does not connect to it
 * @param user may also stand in the URL
 * @param password may also stand in the URL
 * @param nudge whether a wait makes the source write a logical message
 */
@Context
@ConfigurationProperties("freshet.source")
public record SourceConnectionConfiguration(
    @Nullable String url,
    @Nullable String user,
    @Nullable String password,
    @Bindable(defaultValue = "true") boolean nudge) {

  public SourceConnectionConfiguration {
    // The URL may hold a password, so it is not told.
    if (url != null && !(url.startsWith("jdbc:postgresql:") && isReadable(url))) {
      throw new IllegalArgumentException(
          "freshet.source.url (FRESHET_SOURCE_URL) is not a JDBC URL of PostgreSQL; write it as"
              + " jdbc:postgresql://host:5432/database, or leave it out");
    }
  }

  private static boolean isReadable(String url) {
    try {
      return DriverManager.getDriver(url) != null;
    } catch (SQLException e) {
      return false;
    }
  }

  /** Without the password, so that the record can be logged. */
  @Override
  public String toString() {
    return "SourceConnectionConfiguration[nudge=" + nudge + "]";
  }
}
