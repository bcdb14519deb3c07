package dev.freshet.capture;

import dev.freshet.OneLine;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.TableId;
import dev.freshet.feed.ChangeRelay;
import dev.freshet.feed.DeadLetter;
import dev.freshet.feed.DeliveryBuffer;
import dev.freshet.feed.Departures;
import dev.freshet.feed.FeedPhase;
import dev.freshet.feed.FeedStatus;
import dev.freshet.feed.Loss;
import dev.freshet.feed.RetainedLog;
import dev.freshet.source.postgresql.SourceConnectionConfiguration;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the source's log as long as nobody else does: waits for its turn, sets the source up, runs
 * the engine, and begins again whenever anything fails.
 */
final class CaptureLoop implements LogReader {

  private static final Logger LOG = LoggerFactory.getLogger(CaptureLoop.class);
  private static final Duration LEAST_PATIENCE = Duration.ofSeconds(60);
  private static final Duration BETWEEN_REPEATS = Duration.ofMinutes(1);
  private static final Duration STEP = Duration.ofMillis(100);

  private final SourceConnectionConfiguration source;
  private final SourceAddress address;
  private final CaptureConfiguration configuration;
  private final SourceSetup setup;
  private final OffsetNote offset;
  private final GapNote gap;
  private final TablesNote tables;
  private final DeliveryBuffer buffer;
  private final ChangeRelay relay;
  private final Heartbeat heartbeat;
  private final Clock clock;
  private final String offsetsKey;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "freshet-capture");
  private volatile FeedStatus status = new FeedStatus(false, "the capture is not started");
  private volatile @Nullable Instant readingSince;
  private volatile @Nullable Slot slot;
  private volatile FeedPhase phase = FeedPhase.FOLLOWS;

  /** What the gap's note says; it is asked for before each batch is acknowledged. */
  private volatile @Nullable String missing;

  private volatile List<String> remarks = List.of();
  private Duration patience = LEAST_PATIENCE;
  private final Map<String, Instant> told = new HashMap<>();

  CaptureLoop(
      SourceConnectionConfiguration source,
      CaptureConfiguration configuration,
      Bookkeeping notes,
      DeliveryBuffer buffer,
      ChangeRelay relay,
      Clock clock)
      throws SQLException {
    this.source = source;
    this.address = SourceAddress.of(source);
    this.configuration = configuration;
    this.offset = notes.offset();
    this.gap = notes.gap();
    this.tables = notes.tables();
    this.setup = new SourceSetup(configuration, notes, address.database());
    this.buffer = buffer;
    this.relay = relay;
    this.heartbeat = new Heartbeat(configuration.heartbeatInterval(), clock);
    this.clock = clock;
    this.offsetsKey = NoteOffsets.hold(offset);
    thread.setDaemon(true);
  }

  @Override
  public void start() {
    thread.start();
  }

  private void run() {
    try {
      do {
        attempt();
      } while (!stopping.await(configuration.retryDelay().toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void attempt() throws InterruptedException {
    try {
      Optional<ReaderLock> lock = ReaderLock.tryTake(source, configuration.slot());
      if (lock.isPresent()) {
        try (ReaderLock taken = lock.get()) {
          if (phase == FeedPhase.STANDS_BY) {
            phase = FeedPhase.FOLLOWS;
            tell(false, "the slot '%s' is about to be read".formatted(configuration.slot()));
          }
          read(taken.connection());
        }
      } else {
        phase = FeedPhase.STANDS_BY;
        tell(
            true,
            "another instance reads the slot '%s'; this one stands by"
                .formatted(configuration.slot()));
      }
    } catch (CaptureException e) {
      tell(false, String.valueOf(e.getMessage()));
    } catch (SQLException e) {
      tell(false, "PostgreSQL at %s cannot be read: %s".formatted(address, e.getMessage()));
    } catch (UnavailableException e) {
      tell(false, "the index does not say how far the slot was read: " + e.getMessage());
    } catch (RuntimeException | Error e) {
      LOG.debug("The capture failed", e);
      tell(false, "the capture failed and begins again: " + e);
    }
  }

  /** Until the engine ends, or the connection that holds the lock does. */
  private void read(Connection connection)
      throws SQLException, CaptureException, InterruptedException {
    missing = gap.read().orElse(null);
    SourceSetup.Ready ready = setup.run(connection);
    ready.gap().ifPresent(this::readAllAgain);
    if (offset.isWithinSnapshot() || hasNewTables(ready.tables())) {
      offset.clear();
    }
    tables.write(ready.published());
    Properties settings =
        EngineSettings.of(
            address.of(connection), configuration, ready.tables(), snapshotMode(ready), offsetsKey);
    remarks = ready.remarks();
    remarks.forEach(remark -> LOG.warn("{}", remark));
    var records =
        new Records(
            configuration.topicPrefix(),
            ready.rowsAt(),
            buffer,
            relay,
            this::reading,
            () -> phase = FeedPhase.FOLLOWS,
            heartbeat::echo);
    phase = readsRows() ? FeedPhase.READS_FIRST_ROWS : FeedPhase.FOLLOWS;
    try (var engine = new EngineRun(settings, records)) {
      engine.start();
      Instant due = clock.instant();
      while (!engine.hasEnded(STEP) && stopping.getCount() > 0) {
        if (!clock.instant().isBefore(due)) {
          due = clock.instant().plus(configuration.heartbeatInterval());
          heartbeat.send(connection);
          slot = Slot.read(connection, configuration.slot()).orElse(null);
          requireKept(slot);
          setup.requireUnchanged(connection, ready);
          requireNoSilence(records);
        }
      }
      if (stopping.getCount() > 0) {
        failed(engine.failure().orElse("Debezium's engine has ended"));
      }
    } finally {
      if (records.haveBegun()) {
        patience = LEAST_PATIENCE;
      }
      phase = FeedPhase.FOLLOWS;
      readingSince = null;
      slot = null;
      heartbeat.forget();
      buffer.abandon();
      relay.abandon();
    }
  }

  /** What the engine has read already is not all that is settled. */
  private void requireKept(@Nullable Slot read) throws CaptureException {
    if (read != null && read.isLost()) {
      throw new CaptureException(
          "the replication slot '%s' is lost: the source has removed its write-ahead log"
              .formatted(configuration.slot()));
    }
  }

  /** Each time it waits longer: the source may have much of its log to look through. */
  private void requireNoSilence(Records records) throws CaptureException {
    if (records.silence().compareTo(patience) > 0) {
      patience = patience.multipliedBy(2);
      throw new CaptureException(
          "Debezium's engine has handed nothing over for %d s; it begins again"
              .formatted(records.silence().toSeconds()));
    }
  }

  /** Their rows were never read; with the slot's own place nothing else is missed meanwhile. */
  private boolean hasNewTables(Set<TableId> mapped) {
    Set<TableId> added = tables.unknown(mapped);
    boolean has = !added.isEmpty() && configuration.snapshot() == SnapshotMode.INITIAL;
    if (has) {
      LOG.info("The tables {} are new: all rows are read again", added);
    }
    return has;
  }

  /** What Debezium does first, by its own names. */
  private String snapshotMode(SourceSetup.Ready ready) {
    if (configuration.snapshot() == SnapshotMode.NEVER) {
      return "no_data";
    }
    return ready.slotExists() && readsRows() ? "custom" : "initial";
  }

  private boolean readsRows() {
    return configuration.snapshot() == SnapshotMode.INITIAL && offset.position().isEmpty();
  }

  /** First the gap is noted, so that a crash in between does not hide it. */
  private void readAllAgain(String why) {
    String told =
        why
            + (configuration.snapshot() == SnapshotMode.NEVER
                ? "; freshet.capture.snapshot=never, so nothing is read again"
                : "; all rows are read again, and what was deleted meanwhile stays in the index")
            + ": repair each table by POST /drift-checks?table=…&repair=true";
    LOG.warn("Changes of the source may be missing: {}", told);
    gap.write(told);
    missing = told;
    offset.clear();
  }

  private void reading() {
    readingSince = clock.instant();
    tell(
        true, "the slot '%s' of PostgreSQL at %s is read".formatted(configuration.slot(), address));
  }

  private void failed(String why) {
    tell(
        false,
        "PostgreSQL at %s cannot be read: %s%s"
            .formatted(address, OneLine.of(why), WayOut.of(why, configuration.slot())));
  }

  /** The same thing again and again is logged once a minute. */
  private void tell(boolean connected, String description) {
    status = new FeedStatus(connected, description, null, connected ? remarks : List.of());
    Instant now = clock.instant();
    told.values().removeIf(time -> time.plus(BETWEEN_REPEATS).isBefore(now));
    if (told.putIfAbsent(description, now) == null) {
      if (connected) {
        LOG.info("The feed says: {}", description);
      } else {
        LOG.warn("The feed says: {}", description);
      }
    }
  }

  @Override
  public FeedStatus status() {
    return status;
  }

  @Override
  public FeedPhase phase() {
    return phase;
  }

  @Override
  public Optional<Instant> readingSince() {
    return Optional.ofNullable(readingSince);
  }

  @Override
  public boolean isCurrent() {
    return heartbeat.current().isPresent();
  }

  @Override
  public Optional<RetainedLog> retained() {
    return Optional.ofNullable(slot)
        .map(
            known ->
                new RetainedLog(
                    configuration.slot(),
                    known.status() == null ? "unknown" : known.status(),
                    known.retainedBytes(),
                    offset.settledUntil().orElse(null)));
  }

  @Override
  public Departures departures() {
    return new Departures() {
      @Override
      public Account account(Consumer<DeadLetter> record) {
        List<Loss> losses =
            Optional.ofNullable(missing).map(why -> new Loss(1, clock.instant(), why)).stream()
                .toList();
        return new Account(null, null, losses);
      }

      @Override
      public void noted(List<Loss> losses) {
        // Another one may have been noted since.
        losses.stream()
            .filter(loss -> loss.how().equals(missing))
            .forEach(
                loss -> {
                  gap.clear();
                  missing = null;
                });
      }
    };
  }

  @Override
  public void close() {
    stopping.countDown();
    try {
      if (thread.isAlive()) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      NoteOffsets.release(offsetsKey);
    }
  }
}
