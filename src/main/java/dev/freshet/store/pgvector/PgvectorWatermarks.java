package dev.freshet.store.pgvector;

import dev.freshet.changeevent.CommitPosition;
import dev.freshet.changeevent.Lsn;
import dev.freshet.ledger.Watermark;
import dev.freshet.ledger.WatermarkLedger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The watermark in PostgreSQL, whose clock ends the leases. */
final class PgvectorWatermarks implements WatermarkLedger {

  private static final String RAISE =
      """
      ON CONFLICT (epoch) DO UPDATE SET
        lsn = greatest(freshet_watermark.lsn, excluded.lsn),
        committed_at = greatest(freshet_watermark.committed_at, excluded.committed_at)
      RETURNING epoch, lsn, committed_at
      """;

  private final PgvectorIndexStore store;

  PgvectorWatermarks(PgvectorIndexStore store) {
    this.store = store;
  }

  @Override
  public Optional<Watermark> watermark(int epoch) {
    return store.inTransaction(
        handle ->
            handle
                .createQuery(
                    "SELECT epoch, lsn, committed_at FROM freshet_watermark WHERE epoch = :epoch")
                .bind("epoch", epoch)
                .map((row, context) -> watermark(row))
                .findOne());
  }

  @Override
  public Optional<Watermark> raiseAlone(UUID instance, Watermark watermark) {
    return raise(
        """
        INSERT INTO freshet_watermark (epoch, lsn, committed_at)
        SELECT :epoch, :lsn, :committed
        WHERE NOT EXISTS (
          SELECT FROM freshet_instance WHERE instance <> :instance AND lease_until > now())
        """,
        instance,
        watermark);
  }

  @Override
  public Watermark raise(Watermark watermark) {
    return raise(
            "INSERT INTO freshet_watermark (epoch, lsn, committed_at)"
                + " VALUES (:epoch, :lsn, :committed)\n",
            null,
            watermark)
        .orElseThrow();
  }

  private Optional<Watermark> raise(String insert, @Nullable UUID instance, Watermark watermark) {
    return store.inTransaction(
        handle -> {
          var query =
              handle
                  .createQuery(insert + RAISE)
                  .bind("epoch", watermark.position().epoch())
                  .bind("lsn", watermark.position().lsn().value())
                  .bind(
                      "committed",
                      Optional.ofNullable(watermark.commitTime())
                          .map(time -> time.atOffset(ZoneOffset.UTC))
                          .orElse(null));
          if (instance != null) {
            query.bind("instance", instance);
          }
          return query.map((row, context) -> watermark(row)).findOne();
        });
  }

  private static Watermark watermark(ResultSet row) throws SQLException {
    OffsetDateTime committed = row.getObject("committed_at", OffsetDateTime.class);
    return new Watermark(
        new CommitPosition(row.getInt("epoch"), new Lsn(row.getLong("lsn"))),
        committed == null ? null : committed.toInstant());
  }

  @Override
  public List<InstanceReport> report(InstanceReport own, Duration lease) {
    return store.inTransaction(
        handle -> {
          write(handle, own, lease);
          return handle
              .createQuery(
                  """
                  SELECT instance, epoch, applied, in_flight FROM freshet_instance
                  WHERE instance <> :instance AND lease_until > now()
                  """)
              .bind("instance", own.instance())
              .map((row, context) -> report(row))
              .list();
        });
  }

  private static void write(Handle handle, InstanceReport own, Duration lease) {
    handle.execute("DELETE FROM freshet_instance WHERE lease_until < now() - interval '1 day'");
    Lsn applied = own.applied();
    handle
        .createUpdate(
            """
            INSERT INTO freshet_instance (instance, epoch, applied, in_flight, lease_until)
            VALUES (:instance, :epoch, :applied, :inFlight, now() + :millis * interval '1 ms')
            ON CONFLICT (instance) DO UPDATE SET
              epoch = excluded.epoch, applied = excluded.applied,
              in_flight = excluded.in_flight, lease_until = excluded.lease_until
            """)
        .bind("instance", own.instance())
        .bind("epoch", own.epoch())
        .bind("applied", applied == null ? null : (Long) applied.value())
        .bind("inFlight", own.inFlight())
        .bind("millis", lease.toMillis())
        .execute();
  }

  private static InstanceReport report(ResultSet row) throws SQLException {
    Long applied = row.getObject("applied", Long.class);
    return new InstanceReport(
        row.getObject("instance", UUID.class),
        row.getInt("epoch"),
        applied == null ? null : new Lsn(applied),
        row.getBoolean("in_flight"));
  }

  @Override
  public void withdraw(UUID instance) {
    store.<Void>inTransaction(
        handle -> {
          handle.execute("DELETE FROM freshet_instance WHERE instance = ?", instance);
          return null;
        });
  }
}
