package dev.freshet.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.support.BesideOthers;
import dev.freshet.support.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the playground's folder keeps from one start to the next, with its real PostgreSQL. */
@BesideOthers
class PlaygroundStateIT {

  private static final String TABLE = "public.products";
  private static final int ROWS = 20;

  @TempDir private Path parent;
  private final int port = FreePorts.next();
  private final List<String> told = new ArrayList<>();

  private Path folder() {
    return parent.resolve("a folder with spaces, and an ümlaut");
  }

  /** A test that fails may leave it running. */
  @AfterEach
  void endPostgresql() throws Exception {
    if (Files.exists(pidFile())) {
      ProcessHandle.of(postmaster()).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private Path pidFile() {
    return folder().resolve("database/postmaster.pid");
  }

  private long postmaster() throws Exception {
    return Long.parseLong(Files.readAllLines(pidFile()).get(0).strip());
  }

  /** One that ended, and that its parent has not asked about yet, is there without a command. */
  private static boolean runs(long process) {
    return ProcessHandle.of(process).flatMap(it -> it.info().command()).isPresent();
  }

  private Playground open(boolean reset) {
    told.clear();
    return Playground.open(
        new PlaygroundOptions(folder(), port, ROWS, reset), Clock.systemUTC(), told::add);
  }

  private static String title(Playground playground) {
    return playground.rows().find(TABLE, "7").orElseThrow().values().get("title");
  }

  private static void changeTitle(Playground playground) {
    assertThat(playground.rows().change(TABLE, "7", Map.of("title", "Changed"))).isPresent();
  }

  @Test
  void rowsAndIndexOutliveAStartAndEndWithAReset() throws Exception {
    String written;
    long first;
    Path index;
    try (var playground = open(false)) {
      assertThat(told).contains("Wrote 20 rows into PostgreSQL");
      assertThat(playground.rows().count()).isEqualTo(ROWS);
      first = postmaster();
      index = Path.of(playground.settings().get("freshet.data-dir").toString());
      Files.createFile(Files.createDirectories(index).resolve("segment"));
      written = title(playground);
      changeTitle(playground);
      assertThatThrownBy(() -> open(false))
          .hasMessageContaining("Another playground runs in " + folder());
    }
    assertThat(runs(first)).isFalse();

    try (var playground = open(false)) {
      assertThat(title(playground)).isEqualTo("Changed");
      assertThat(index.resolve("segment")).exists();
      assertThat(told).noneMatch(line -> line.startsWith("Wrote"));
    }

    try (var playground = open(true)) {
      assertThat(title(playground)).isEqualTo(written).isNotEqualTo("Changed");
      assertThat(index).doesNotExist();
    }
  }

  @Test
  void whatAKilledProcessLeftRunningIsEndedByTheNextStart() throws Exception {
    long orphan;
    try (var playground = open(false)) {
      changeTitle(playground);
    }
    Path binaries = Binaries.unpack(Platform.current(), folder());
    var programs = Programs.in(binaries, folder().resolve("command.log"));
    new PostgresqlServer(programs, folder().resolve("database"), folder().resolve("log"))
        .start(port);
    orphan = postmaster();
    assertThat(runs(orphan)).isTrue();

    try (var playground = open(false)) {
      assertThat(told).contains("Ended the PostgreSQL of a playground that was killed");
      assertThat(runs(orphan)).isFalse();
      assertThat(postmaster()).isNotEqualTo(orphan);
      assertThat(title(playground)).isEqualTo("Changed");
    }
  }
}
