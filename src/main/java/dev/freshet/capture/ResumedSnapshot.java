package dev.freshet.capture;

import io.debezium.spi.snapshot.Snapshotter;
import java.util.Map;

/**
 * Reads all rows again behind a slot that is there already, and then the slot's changes from its
 * own place on, not from the snapshot's. A row that an earlier snapshot read, and that was deleted
 * before this one, is announced by the slot alone. Debezium makes it by the name in its settings.
 * It is for a slot without an offset only: with one, Debezium would stream twice.
 */
public final class ResumedSnapshot implements Snapshotter {

  /** The value of {@code snapshot.mode.custom.name}. */
  static final String NAME = "freshet-resumed";

  @Override
  public void configure(Map<String, ?> properties) {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean shouldSnapshotData(boolean offsetExists, boolean snapshotInProgress) {
    return !offsetExists || snapshotInProgress;
  }

  @Override
  public boolean shouldSnapshotSchema(boolean offsetExists, boolean snapshotInProgress) {
    return shouldSnapshotData(offsetExists, snapshotInProgress);
  }

  @Override
  public boolean shouldStream() {
    return true;
  }

  @Override
  public boolean shouldSnapshotOnSchemaError() {
    return false;
  }

  @Override
  public boolean shouldSnapshotOnDataError() {
    return false;
  }

  @Override
  public boolean shouldStreamEventsStartingFromSnapshot() {
    return false;
  }
}
