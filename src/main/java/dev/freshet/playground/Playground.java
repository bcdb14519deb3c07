package dev.freshet.playground;

import dev.freshet.MisconfiguredException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL with rows, in a folder that is the playground's alone: {@code binaries}, {@code
 * database}, {@code index} and some files. It runs from {@link #open} to {@link #close}; what a
 * process that was killed left behind is ended by the next one.
 */
public final class Playground implements AutoCloseable {

  private static final int PASSWORD_BITS = 160;
  private static final int RADIX = 36;

  /** So that the first rows can be searched while others still wait. */
  private static final int SMALL_BATCH = 32;

  private final Folder folder;
  private final PostgresqlServer server;
  private @Nullable ShopDatabase database;

  private Playground(Folder folder, PostgresqlServer server) {
    this.folder = folder;
    this.server = server;
  }

  /**
   * Says so before anything else is looked at, such as the ports that it has, too.
   *
   * @throws MisconfiguredException when a playground runs in the folder
   */
  public static void requireNotRunning(Path folder) {
    if (Folder.isTaken(folder)) {
      throw Folder.taken(folder);
    }
  }

  /**
   * Starts the PostgreSQL, after it was made and filled where it is not there yet.
   *
   * @param tell gets a sentence before each step that takes a while
   * @throws MisconfiguredException when it cannot run here, or the folder or the port is taken
   */
  public static Playground open(PlaygroundOptions options, Clock clock, Consumer<String> tell) {
    Platform platform = Platform.current();
    try {
      Folder folder = Folder.take(options.folder());
      Playground opened = null;
      try {
        opened = started(folder, platform, options, clock, tell);
        return opened;
      } finally {
        if (opened == null) {
          folder.close();
        }
      }
    } catch (IOException e) {
      throw new PlaygroundException(
          "The playground's folder %s cannot be used: %s".formatted(options.folder(), e), e);
    } catch (SQLException e) {
      throw new PlaygroundException(
          "The playground's PostgreSQL refuses what it is told: " + e.getMessage(), e);
    }
  }

  private static Playground started(
      Folder folder,
      Platform platform,
      PlaygroundOptions options,
      Clock clock,
      Consumer<String> tell)
      throws IOException, SQLException {
    tell.accept("The playground is in " + folder.path());
    Path binaries = Binaries.unpack(platform, folder.path());
    var programs = Programs.in(binaries, folder.resolve("command.log"));
    var server =
        new PostgresqlServer(
            programs, folder.resolve("database"), folder.resolve("postgresql.log"));
    if (server.stopOrphan()) {
      tell.accept("Ended the PostgreSQL of a playground that was killed");
    }
    var playground = new Playground(folder, server);
    var interrupted = new Thread(playground::stop, "playground-interrupted");
    Runtime.getRuntime().addShutdownHook(interrupted);
    boolean complete = false;
    try {
      playground.start(options, clock, tell);
      Runtime.getRuntime().removeShutdownHook(interrupted);
      complete = true;
    } finally {
      if (!complete) {
        playground.stop();
      }
    }
    return playground;
  }

  private void start(PlaygroundOptions options, Clock clock, Consumer<String> tell)
      throws IOException, SQLException {
    if (options.reset()) {
      tell.accept("Starting over: deleting the database and the index");
      Folder.delete(folder.resolve("database"));
    }
    Path password = folder.resolve("password");
    if (!server.isInitialized()) {
      // An index of a former database knows rows that this one does not have.
      Folder.delete(folder.resolve("index"));
      Folder.delete(password);
      OwnFile.write(password, randomPassword());
      server.initialize(ShopDatabase.SUPERUSER, password);
    }
    int port = Ports.choose(options.port());
    server.start(port);
    var shop = new ShopDatabase(port, Files.readString(password).strip());
    int written = shop.fill(options.rows(), clock.instant());
    if (written > 0) {
      tell.accept("Wrote %,d rows into PostgreSQL".formatted(written));
    }
    database = shop;
  }

  private static String randomPassword() {
    return new BigInteger(PASSWORD_BITS, new SecureRandom()).toString(RADIX);
  }

  private ShopDatabase database() {
    if (database == null) {
      throw new IllegalStateException("the playground is not open");
    }
    return database;
  }

  /** What Freshet is configured with. */
  public Map<String, Object> settings() {
    var settings = new HashMap<>(ShopDatabase.MAPPINGS);
    settings.put("freshet.feed", "postgresql");
    settings.put("freshet.sink", "local");
    settings.put("freshet.store", "lucene");
    settings.put("freshet.data-dir", folder.resolve("index").toString());
    settings.put("freshet.source.url", database().captureUrl());
    settings.put("freshet.source.user", ShopDatabase.SUPERUSER);
    settings.put("freshet.source.password", database().password());
    settings.put("freshet.indexing.batch-size", SMALL_BATCH);
    settings.put("rabbitmq.enabled", false);
    settings.put("micronaut.server.host", "127.0.0.1");
    return settings;
  }

  /** Its rows, and changes of them. */
  public PlaygroundRows rows() {
    return database().rows();
  }

  private void stop() {
    try {
      server.stop();
    } catch (IOException | PlaygroundException e) {
      throw new PlaygroundException(
          "The playground's PostgreSQL does not end: %s".formatted(e.getMessage()), e);
    }
  }

  /** Ends PostgreSQL; everything stays in the folder. */
  @Override
  public void close() {
    try {
      stop();
    } finally {
      folder.close();
    }
  }
}
