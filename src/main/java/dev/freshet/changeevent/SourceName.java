package dev.freshet.changeevent;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Which capture sent a message: Debezium's logical name ({@code topic.prefix}, {@code source.name})
 * and the database that it reads ({@code source.db}). Either is empty where the message does not
 * say.
 */
public record SourceName(String connector, String database) {

  /** Of a message that does not say where it comes from. */
  public static final SourceName NONE = new SourceName("", "");

  /** A longer one, which no Debezium sends, is cut: it is kept and shown. */
  private static final int LONGEST = 200;

  /** Separates the two in a text; a connector's name has none, since topics have none. */
  private static final char SEPARATOR = '/';

  public SourceName {
    connector = bounded(connector).replace(SEPARATOR, '_');
    database = bounded(database);
  }

  private static String bounded(String text) {
    return Texts.whole(text.length() > LONGEST ? text.substring(0, LONGEST) : text);
  }

  /**
   * @param text the form of {@link #toString}
   */
  public static SourceName parse(String text) {
    int separator = text.indexOf(SEPARATOR);
    return separator < 0
        ? new SourceName(text, "")
        : new SourceName(text.substring(0, separator), text.substring(separator + 1));
  }

  /** Whether the message names its connector. */
  public boolean isNamed() {
    return !connector.isEmpty();
  }

  /** Whether it names both, as every row event of Debezium's does. */
  public boolean isComplete() {
    return !connector.isEmpty() && !database.isEmpty();
  }

  /** Whether nothing that both say differs. */
  public boolean agreesWith(SourceName other) {
    return agree(connector, other.connector) && agree(database, other.database);
  }

  private static boolean agree(String one, String other) {
    return one.isEmpty() || other.isEmpty() || one.equals(other);
  }

  /** The connector's name and the database: {@code db/shop}. */
  @JsonValue
  @Override
  public String toString() {
    return database.isEmpty() ? connector : connector + SEPARATOR + database;
  }
}
