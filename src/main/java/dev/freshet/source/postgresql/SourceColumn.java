package dev.freshet.source.postgresql;

import org.jspecify.annotations.Nullable;

/**
 * A column of a table of the source.
 *
 * @param isNullable whether rows may lack a value
 * @param isGenerated whether the table makes the value: no event has it
 * @param schema that of the type
 * @param type the type's name in the catalog; of a domain, that of the type below it
 * @param isEnum whether it is a type of names
 * @param modifier the type's modifier, such as a precision; -1 where there is none
 * @param element what an array holds; null where the type is no array
 */
record SourceColumn(
    String name,
    boolean isNullable,
    boolean isGenerated,
    String schema,
    String type,
    boolean isEnum,
    int modifier,
    @Nullable SourceColumn element) {

  /** The type, as SQL names it wherever it is. */
  String sqlType() {
    return Sql.quoted(schema) + "." + Sql.quoted(type);
  }

  String sqlName() {
    return Sql.quoted(name);
  }

  /** About how many bytes the value takes as a text, without reading what is stored elsewhere. */
  String sqlSize() {
    String size =
        switch (type) {
          case "text", "varchar", "bpchar", "xml" -> "octet_length(%s::text)";
          case "citext" -> "octet_length(%s::text)";
          case "bytea" -> "2 * octet_length(%s)";
          // It may be compressed, and no function tells how large it is without reading it.
          default -> "8 * pg_column_size(%s)";
        };
    return "coalesce(" + size.formatted(sqlName()) + ", 0)";
  }

  /** The value as the server writes it; money depends on a locale. */
  String sqlValue() {
    return type.equals("money") ? sqlName() + "::numeric" : sqlName();
  }
}
