package dev.freshet.document;

import dev.freshet.changeevent.TableId;

/**
 * Names the tables of one schema whose names have a form: {@code public.pr_*}, where each star
 * stands for any characters. A name without a star names one table.
 */
public record TablePattern(String schema, String name) {

  private static final char STAR = '*';

  /** PostgreSQL cuts a name at 63 bytes. */
  private static final int LONGEST = 63;

  public TablePattern {
    if (schema.isEmpty() || schema.indexOf(STAR) >= 0) {
      throw new IllegalArgumentException(
          "'%s.%s' names no single schema; write the pattern as public.orders_*"
              .formatted(schema, name));
    }
    if (name.length() > LONGEST) {
      throw new IllegalArgumentException(
          "a table's name has at most %d characters, and '%s' has more".formatted(LONGEST, name));
    }
    if (name.chars().allMatch(character -> character == STAR)) {
      throw new IllegalArgumentException(
          "'%s.%s' names every table of the schema; write the pattern as public.orders_*"
              .formatted(schema, name));
    }
  }

  /**
   * Reads a pattern.
   *
   * @param text {@code schema.name}; without a schema the name is in {@code defaultSchema}
   */
  public static TablePattern parse(String text, String defaultSchema) {
    int dot = text.indexOf('.');
    return dot < 0
        ? new TablePattern(defaultSchema, text)
        : new TablePattern(text.substring(0, dot), text.substring(dot + 1));
  }

  /** Whether the text is a pattern rather than a table's name. */
  public static boolean isPattern(String name) {
    return name.indexOf(STAR) >= 0;
  }

  public boolean matches(TableId table) {
    return schema.equals(table.schema())
        && table.name().length() <= LONGEST
        && overlap(name, table.name());
  }

  /** Whether there may be a table that both match. */
  public boolean overlaps(TablePattern other) {
    return schema.equals(other.schema) && overlap(name, other.name);
  }

  /** Looks at the ends of both texts, and at longer ones by what is known of the shorter. */
  private static boolean overlap(String one, String other) {
    var known = new boolean[one.length() + 1][other.length() + 1];
    for (int at = one.length(); at >= 0; at--) {
      for (int from = other.length(); from >= 0; from--) {
        boolean atEnd = at == one.length();
        boolean fromEnd = from == other.length();
        if (!atEnd && one.charAt(at) == STAR) {
          known[at][from] = known[at + 1][from] || (!fromEnd && known[at][from + 1]);
        } else if (!fromEnd && other.charAt(from) == STAR) {
          known[at][from] = known[at][from + 1] || (!atEnd && known[at + 1][from]);
        } else {
          boolean same = !atEnd && !fromEnd && one.charAt(at) == other.charAt(from);
          known[at][from] = (atEnd && fromEnd) || (same && known[at + 1][from + 1]);
        }
      }
    }
    return known[0][0];
  }

  @Override
  public String toString() {
    return schema + "." + name;
  }
}
