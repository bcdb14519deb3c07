package dev.freshet.changeevent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;

/**
 * What the value of a column must keep, so that all that follows can write it, read it again and
 * walk through it: no real one is near these bounds.
 */
final class ValueBounds {

  /** A column holds arrays; objects come as texts. */
  static final int DEEPEST = 100;

  private ValueBounds() {}

  static boolean hold(JsonNode value) {
    return hold(value, DEEPEST);
  }

  private static boolean hold(JsonNode value, int depth) {
    if (value instanceof DecimalNode decimal) {
      return Math.abs((long) decimal.decimalValue().scale()) <= ColumnType.LARGEST_SCALE;
    }
    if (value.isContainerNode()) {
      for (JsonNode child : value) {
        if (depth == 0 || !hold(child, depth - 1)) {
          return false;
        }
      }
    }
    return true;
  }
}
