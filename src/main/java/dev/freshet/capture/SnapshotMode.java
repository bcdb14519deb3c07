package dev.freshet.capture;

/** Whether the rows that are there already are read before the changes. */
enum SnapshotMode {
  /** Once, where the index does not know how far the slot was read. */
  INITIAL,
  /** Never: only what changes from now on becomes searchable. */
  NEVER
}
