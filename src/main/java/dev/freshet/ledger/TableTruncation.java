package dev.freshet.ledger;

import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;

/**
 * The tombstone of a whole table: no event that this position is not older than changes anything.
 */
public record TableTruncation(TableId table, Position position) {}
