package dev.freshet.document;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.changeevent.Position;

/**
 * A column's value, and the position of the event that supplied it: it may be older than the row's,
 * because an event leaves out large values that did not change.
 */
public record ColumnVersion(JsonNode value, Position position) {}
