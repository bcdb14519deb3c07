package dev.freshet.capture;

import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.TableMappings;
import dev.freshet.source.postgresql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

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
      """
      SELECT has_table_privilege(c.oid, 'SELECT'), has_schema_privilege(n.oid, 'USAGE'),
        current_user::text
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relname = ?
      """;

  /** What is committed after it has a higher position, because Debezium sees this commit. */
  private static final String MARK = "SELECT pg_logical_emit_message(true, 'freshet', '')::text";

  private static final String END = "SELECT pg_current_wal_lsn()::text";

  private final CaptureConfiguration configuration;
  private final TableMappings mappings;
  private final Bookkeeping notes;
  private final OffsetNote offset;
  private final String database;

  /**
   * @param database the source's, as the URL names it
   */
  SourceSetup(CaptureConfiguration configuration, Bookkeeping notes, String database) {
    this.configuration = configuration;
    this.mappings = notes.mappings();
    this.notes = notes;
    this.offset = notes.offset();
    this.database = database;
  }

  /**
   * What was found.
   *
   * @param published the tables that are captured, with the marks of {@link Publication#published}
   * @param remarks what is left out, and why; one sentence each
   * @param slotExists whether the slot is there already
   * @param rowsAt the position of rows that are read from now on: a change that they do not have
   *     comes after it
   * @param gap one sentence, where changes may be missing for which all rows have to be read again
   */
  record Ready(
      Map<TableId, String> published,
      List<String> remarks,
      boolean slotExists,
      Lsn rowsAt,
      Optional<String> gap) {

    Set<TableId> tables() {
      return published.keySet();
    }
  }

  /**
   * Looks at the source, and makes the publication where there is none.
   *
   * @throws CaptureException when the source must be changed first
   */
  Ready run(Connection source) throws SQLException, CaptureException {
    requireLogicalReplication(source);
    SourceTables tables = SourceTables.read(source, mappings);
    requireReadable(source, tables.tables());
    requireSameSource(source);
    var publication = new Publication(source, configuration.publication());
    List<String> remarks = new ArrayList<>(tables.remarks());
    remarks.addAll(publication.require(tables));
    Map<TableId, String> published = new TreeMap<>(publication.published());
    published.keySet().retainAll(tables.tables());
    Optional<Slot> slot = Slot.read(source, configuration.slot());
    return new Ready(
        published,
        remarks,
        slot.isPresent(),
        lsn(source, slot.isPresent() ? MARK : END),
        gap(slot).or(() -> notes.tables().interruption(published)));
  }

  /**
   * @throws CaptureException when the publication has other tables than at the start of this run
   */
  void requireUnchanged(Connection source, Ready ready) throws SQLException, CaptureException {
    Map<TableId, String> published =
        new TreeMap<>(new Publication(source, configuration.publication()).published());
    published.keySet().retainAll(ready.tables());
    if (!published.equals(ready.published())) {
      throw new CaptureException(
          "a table was created again, or left the publication '%s'; the feed begins again"
              .formatted(configuration.publication()));
    }
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

  private void requireReadable(Connection source, Set<TableId> tables)
      throws SQLException, CaptureException {
    if (configuration.snapshot() == SnapshotMode.NEVER) {
      return;
    }
    var unreadable = new TreeSet<TableId>();
    var statements = new LinkedHashSet<String>();
    for (TableId table : new TreeSet<>(tables)) {
      try (var statement = source.prepareStatement(READABLE)) {
        statement.setString(1, table.schema());
        statement.setString(2, table.name());
        try (var row = statement.executeQuery()) {
          boolean found = row.next();
          String user = found ? Sql.quoted(row.getString(3)) : "";
          if (found && !row.getBoolean(2)) {
            statements.add(
                "GRANT USAGE ON SCHEMA %s TO %s".formatted(Sql.quoted(table.schema()), user));
          }
          if (found && !row.getBoolean(1)) {
            statements.add("GRANT SELECT ON %s TO %s".formatted(Sql.quoted(table), user));
          }
          if (found && !(row.getBoolean(1) && row.getBoolean(2))) {
            unreadable.add(table);
          }
        }
      }
    }
    if (!unreadable.isEmpty()) {
      throw new CaptureException(
          "the user of freshet.source.url may not read %s; let the owner run: %s"
              .formatted(
                  unreadable.stream().map(TableId::toString).collect(Collectors.joining(", ")),
                  String.join("; ", statements)));
    }
  }

  /** Why what the index knows of the slot is not true any longer. */
  private Optional<String> gap(Optional<Slot> found) throws CaptureException {
    Optional<Lsn> noted = offset.position();
    if (noted.isEmpty() && notes.followedFormerSource().getAsBoolean() && !isFed()) {
      return Optional.of("the source was restored or replaced (freshet.source-epoch)");
    }
    if (found.isEmpty() && noted.isEmpty()) {
      return isFed()
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

  private boolean isFed() {
    return notes.isFed().getAsBoolean();
  }

  private static Lsn lsn(Connection source, String query) throws SQLException {
    try (var statement = source.createStatement();
        var row = statement.executeQuery(query)) {
      row.next();
      return Lsn.parse(row.getString(1));
    }
  }

  /** The positions of a restored source cannot be compared with those that the index has. */
  private void requireSameSource(Connection source) throws SQLException, CaptureException {
    Lsn end = lsn(source, END);
    Optional<Lsn> noted = offset.position();
    String why =
        noted.filter(position -> position.compareTo(end) > 0).isPresent()
            ? "the index was read up to %s, and the source's log ends at %s"
                .formatted(noted.get(), end)
            : notes.cluster().isAnother(source)
                ? "the source is another PostgreSQL cluster than the one that the index followed"
                : null;
    if (why != null) {
      throw new CaptureException(
          why
              + ": it was restored or replaced. Raise freshet.source-epoch by one and restart; then"
              + " all rows are read again");
    }
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
