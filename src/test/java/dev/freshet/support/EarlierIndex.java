package dev.freshet.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.stream.Stream;

/** An index that version 0.1 wrote, one for each store, with the same rows in both. */
public final class EarlierIndex {

  private static final Path FOLDER = Path.of("src/test/resources/version-0.1");
  private static final String SCHEMA = "freshet_of_version_0_1";

  private EarlierIndex() {}

  /** Copies the Lucene index's files into the folder. */
  public static void copyTo(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(FOLDER.resolve("lucene"))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
  }

  /** Restores the dump of PostgreSQL's schema under the name of this one. */
  public static void restoreTo(TestSchema schema) throws IOException, SQLException {
    String dump = Files.readString(FOLDER.resolve("pgvector.sql"), StandardCharsets.UTF_8);
    try (var connection = DriverManager.getConnection(Services.jdbcUrl());
        var statement = connection.createStatement()) {
      statement.execute(dump.replace(SCHEMA, schema.name()));
    }
  }
}
