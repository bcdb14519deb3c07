package dev.freshet.endtoend;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Random;

/** Changes of one column of products that are indexed, in transactions of 1 to 3 rows. */
enum ProductChanges {

  /** Some twenty words that nothing had before, so that each change is embedded. */
  NEW_TEXT(
      """
      description = 'Item ' || (random() * 1e9)::int || ' is a '
        || (ARRAY['small', 'heavy', 'cheap', 'rare', 'folding'])[1 + (random() * 4)::int]
        || ' thing for the ' || (ARRAY['kitchen', 'garden', 'office', 'road'])[1 + (random() * 3)::int]
        || ', weighs ' || (random() * 1e4)::int || ' grams and lasts a life time.'
      """),

  /** A number in the metadata: the segments keep their vectors. */
  UNCHANGED_TEXT("stock = stock + 1");

  private final String change;

  ProductChanges(String change) {
    this.change = change;
  }

  /** Changes the first so many products at random. */
  Writers.Work over(int products) {
    return (connection, writer, random) -> transaction(products, connection, writer, random);
  }

  private int transaction(int products, Connection connection, int writer, Random random)
      throws SQLException {
    int rows = 1 + random.nextInt(3);
    int slots = products / Writers.CONNECTIONS - rows;
    long first = Writers.CONNECTIONS * (long) random.nextInt(slots) + writer + 1;
    return update(connection, first, Writers.CONNECTIONS * (rows - 1));
  }

  private int update(Connection connection, long first, int span) throws SQLException {
    try (var statement = connection.createStatement()) {
      return statement.executeUpdate(
          "UPDATE products SET %s WHERE id BETWEEN %d AND %d AND id %% %d = %d"
              .formatted(
                  change, first, first + span, Writers.CONNECTIONS, first % Writers.CONNECTIONS));
    }
  }
}
