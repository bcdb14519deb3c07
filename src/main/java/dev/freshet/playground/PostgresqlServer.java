package dev.freshet.playground;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A PostgreSQL of the playground's own, on the loopback address. It does not belong to this
 * process's terminal, so that Ctrl-C does not end it before Freshet.
 */
final class PostgresqlServer {

  private static final String PROGRAM = "postgres";
  private static final String PID_FILE = "postmaster.pid";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  /** Rewritten at each start. */
  private static final String SETTINGS =
      """
      # Freshet's playground writes this file at each start.
      listen_addresses = '127.0.0.1'
      port = %d
      unix_socket_directories = ''
      wal_level = logical
      max_wal_senders = 4
      max_replication_slots = 4
      max_slot_wal_keep_size = 1GB
      max_wal_size = 256MB
      track_commit_timestamp = on
      max_connections = 30
      shared_buffers = 64MB
      jit = off
      timezone = 'UTC'
      lc_messages = 'C'
      """;

  private final Programs programs;
  private final Path data;
  private final Path log;

  /**
   * @param data the folder of its databases
   * @param log the file of its messages
   */
  PostgresqlServer(Programs programs, Path data, Path log) {
    this.programs = programs;
    this.data = data;
    this.log = log;
  }

  boolean isInitialized() {
    return Files.isDirectory(data);
  }

  /** Makes the folder: whole, or not at all. */
  void initialize(String user, Path passwordFile) throws IOException {
    Path fresh = data.resolveSibling(data.getFileName() + ".new");
    Folder.delete(fresh);
    programs.run(
        "initdb",
        List.of(
            "--pgdata=" + fresh,
            "--username=" + user,
            "--pwfile=" + passwordFile,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-locale"));
    Files.move(fresh, data);
  }

  /** Starts it, and returns when it takes connections. */
  void start(int port) throws IOException {
    Files.writeString(data.resolve("postgresql.conf"), SETTINGS.formatted(port));
    try {
      programs.run("pg_ctl", control("start", "--log=" + log));
    } catch (PlaygroundException e) {
      throw new PlaygroundException(
          "The playground's PostgreSQL does not start: %s (%s has more; --reset starts over)"
              .formatted(lastLine(), log),
          e);
    }
  }

  private String lastLine() throws IOException {
    if (!Files.exists(log)) {
      return "it wrote nothing";
    }
    List<String> lines = Files.readAllLines(log);
    return lines.stream()
        .filter(line -> line.contains("FATAL") || line.contains("PANIC"))
        .reduce((former, latter) -> latter)
        .or(() -> lines.stream().reduce((former, latter) -> latter))
        .orElse("it wrote nothing")
        .replaceFirst(".*?(?=FATAL|PANIC)", "");
  }

  /**
   * Ends it if it runs: at once for its clients, in order for its data. Returns when it is gone.
   */
  void stop() throws IOException {
    Optional<ProcessHandle> process = process();
    if (process.isPresent()) {
      programs.run("pg_ctl", control("stop", "--mode=fast"));
      awaitEnd(process.get());
    }
  }

  /** Its pid file, which {@code pg_ctl} waits for, goes some moments before it does. */
  private void awaitEnd(ProcessHandle process) {
    long begin = System.nanoTime();
    while (programs.runs(process, PROGRAM) && System.nanoTime() - begin < PATIENCE.toNanos()) {
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }

  private List<String> control(String verb, String option) {
    var arguments = new ArrayList<String>();
    arguments.add(verb);
    arguments.addAll(List.of("--pgdata=" + data, "--wait", "--timeout=60", "--silent", option));
    return arguments;
  }

  /**
   * Ends what a process that was killed has left behind. Its number may have become that of another
   * process, which is left alone.
   *
   * @return whether there was one
   */
  boolean stopOrphan() throws IOException {
    boolean orphaned = process().isPresent();
    if (orphaned) {
      stop();
    } else {
      Files.deleteIfExists(data.resolve(PID_FILE));
    }
    return orphaned;
  }

  /** The server that the pid file names, if that is one. */
  Optional<ProcessHandle> process() throws IOException {
    Path file = data.resolve(PID_FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String pid = Files.readAllLines(file).stream().findFirst().orElse("").strip();
    return pid.matches("[0-9]{1,18}")
        ? ProcessHandle.of(Long.parseLong(pid)).filter(it -> programs.runs(it, PROGRAM))
        : Optional.empty();
  }
}
