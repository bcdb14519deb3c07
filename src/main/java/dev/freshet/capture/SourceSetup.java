package dev.freshet.capture;

import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.TableMappings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Makes sure that the source can be captured, and that nothing is missed in silence. */
final class SourceSetup {

  private static final String SERVER =
      """
      SELECT current_setting('wal_level'), pg_is_in_recovery(), current_user::text,
        (SELECT rolsuper OR rolreplication FROM pg_roles WHERE rolname = current_user)
          OR EXISTS (SELECT FROM pg_roles r
                     WHERE r.rolname IN ('rds_replication', 'cloudsqlsuperuser', 'azure_pg_admin')
                       AND pg_has_role(current_user, r.oid, 'member'))
      """;

  private static final String READABLE =
      "SELECT has_table_privilege(format('%I.%I', ?::text, ?::text)::regclass, 'SELECT')";

  private final CaptureConfiguration configuration;
  private final TableMappings mappings;
  private final OffsetNote offset;
  private final BooleanSupplier isFed;
  private final String database;

  /**
   * @param database the source's, as the URL names it
   */
  SourceSetup(CaptureConfiguration configuration, Bookkeeping notes, String database) {
    this.configuration = configuration;
    this.mappings = notes.mappings();
    this.offset = notes.offset();
    this.isFed = notes.isFed();
    this.database = database;
  }

  /**
   * What was found.
   *
   * @param tables those that are captured
   * @param remarks what is left out, and why; one sentence each
   * @param slotExists whether the slot is there already
   * @param changesFrom no change that the slot has, or will have, is older
   * @param gap one sentence, where changes may be missing for which all rows have to be read again
   */
  record Ready(
      Set<TableId> tables,
      List<String> remarks,
      boolean slotExists,
      Lsn changesFrom,
      Optional<String> gap) {}

  /**
   * Looks at the source, and makes the publication where there is none.
   *
   * @throws CaptureException when the source must be changed first
   */
  Ready run(Connection source) throws SQLException, CaptureException {
    requireLogicalReplication(source);
    SourceTables tables = SourceTables.read(source, mappings);
    for (TableId table : tables.tables()) {
      requireReadable(source, table);
    }
    List<String> remarks = new ArrayList<>(tables.remarks());
    remarks.addAll(new Publication(source, configuration.publication()).require(tables));
    Optional<Slot> slot = Slot.read(source, configuration.slot());
    Lsn end = end(source);
    return new Ready(
        tables.tables(),
        remarks,
        slot.isPresent(),
        slot.map(Slot::restart).orElse(end),
        gap(slot).or(() -> restored(end)));
  }

  private void requireLogicalReplication(Connection source) throws SQLException, CaptureException {
    try (var statement = source.createStatement();
        var row = statement.executeQuery(SERVER)) {
      row.next();
      if (!row.getString(1).equals("logical")) {
        throw new CaptureException(
            "the source's wal_level is '%s', and capturing needs 'logical'; run: ALTER SYSTEM SET"
                    .formatted(row.getString(1))
                + " wal_level = logical; and restart PostgreSQL");
      }
      if (row.getBoolean(2)) {
        throw new CaptureException(
            "freshet.source.url leads to a standby; use the address of the primary");
      }
      if (!row.getBoolean(4)) {
        throw new CaptureException(
            "the user %s of the source may not replicate; let a superuser run: ALTER ROLE \"%s\""
                    .formatted(row.getString(3), row.getString(3))
                + " REPLICATION");
      }
    }
  }

  private void requireReadable(Connection source, TableId table)
      throws SQLException, CaptureException {
    if (configuration.snapshot() == SnapshotMode.NEVER) {
      return;
    }
    try (var statement = source.prepareStatement(READABLE)) {
      statement.setString(1, table.schema());
      statement.setString(2, table.name());
      try (var row = statement.executeQuery()) {
        if (row.next() && !row.getBoolean(1)) {
          throw new CaptureException(
              "the user of freshet.source.url may not read %s; let its owner run: GRANT SELECT ON %s"
                      .formatted(table, table)
                  + " TO that user, and GRANT USAGE ON SCHEMA "
                  + table.schema());
        }
      }
    }
  }

  /** Why what the index knows of the slot is not true any longer. */
  private Optional<String> gap(Optional<Slot> found) throws CaptureException {
    Optional<Lsn> noted = offset.position();
    if (found.isEmpty() && noted.isEmpty()) {
      return isFed.getAsBoolean()
          ? Optional.of(
              "the index followed the source before, and the replication slot '%s' is new: what was"
                      .formatted(configuration.slot())
                  + " deleted in between is not known")
          : Optional.empty();
    }
    if (found.isEmpty()) {
      return noted.map(
          position ->
              "the replication slot '%s' is gone, which the index had read up to %s, and with it the"
                      .formatted(configuration.slot(), position)
                  + " changes since then");
    }
    Slot slot = found.get();
    requireUsable(slot);
    Lsn confirmed = slot.confirmed();
    return noted
        .filter(position -> confirmed != null && confirmed.compareTo(position) > 0)
        .map(
            position ->
                "the index was read up to %s, and the replication slot '%s' only has the changes since"
                        .formatted(position, configuration.slot())
                    + " %s: the index was restored, or somebody else read the slot"
                        .formatted(confirmed));
  }

  private static Lsn end(Connection source) throws SQLException {
    try (var statement = source.createStatement();
        var row = statement.executeQuery("SELECT pg_current_wal_lsn()::text")) {
      row.next();
      return Lsn.parse(row.getString(1));
    }
  }

  /** PostgreSQL would send nothing until its log is as long again. */
  private Optional<String> restored(Lsn end) {
    return offset
        .position()
        .filter(position -> position.compareTo(end) > 0)
        .map(
            position ->
                "the index was read up to %s, and the source's log ends at %s: the source was restored or"
                        .formatted(position, end)
                    + " replaced, so raise freshet.source-epoch by one");
  }

  private void requireUsable(Slot slot) throws CaptureException {
    String name = configuration.slot();
    if (!"pgoutput".equals(slot.plugin()) || !database.equals(slot.database())) {
      throw new CaptureException(
          "the replication slot '%s' belongs to the plugin %s and the database %s; name another one in"
                  .formatted(name, slot.plugin(), slot.database())
              + " freshet.capture.slot");
    }
    if (slot.isLost()) {
      throw new CaptureException(
          "the replication slot '%s' is lost: the source has removed its write-ahead log, so the changes"
                  .formatted(name)
              + " after %s are missing. Run at the source: SELECT pg_drop_replication_slot('%s'). Freshet"
                  .formatted(slot.confirmed(), name)
              + " then makes a new slot and reads all rows again. A larger max_slot_wal_keep_size"
              + " prevents it");
    }
  }
}
