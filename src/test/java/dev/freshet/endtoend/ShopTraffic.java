package dev.freshet.endtoend;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A shop's day: transactions of 1 to 40 changes, three quarters of them of orders, which no
 * document comes from (inserts, updates, deletes, key changes), the others of products' stock,
 * which is metadata, and now and then a product that changes its key, or is deleted and written
 * anew. One connection holds its transactions open for up to 1.5 seconds, so that they commit long
 * after their first change.
 */
final class ShopTraffic implements Writers.Work {

  private static final int LONGEST_MILLIS = 1_500;
  private static final long STRIDE = Writers.CONNECTIONS;

  /** Where orders go whose key changes. */
  private static final long FAR = 1L << 40;

  /** The orders of each writer, which come and go like a queue. */
  private final long[] nextOrder = new long[Writers.CONNECTIONS];

  private final long[] oldestOrder = new long[Writers.CONNECTIONS];

  private final int products;

  /**
   * @param products how many there were at first
   */
  ShopTraffic(int products) {
    this.products = products;
  }

  @Override
  public int transaction(Connection connection, int writer, Random random)
      throws SQLException, InterruptedException {
    int changed = 0;
    for (int statement = random.nextInt(4); statement >= 0; statement--) {
      changed += execute(connection, change(writer, random, 1 + random.nextInt(10)));
    }
    if (writer == 0) {
      TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_MILLIS));
    }
    return changed;
  }

  private String change(int writer, Random random, int rows) {
    int chance = random.nextInt(1_000);
    long oldest = oldestOrder[writer];
    if (chance < 350 || oldest + rows >= nextOrder[writer]) {
      long first = nextOrder[writer];
      nextOrder[writer] += rows;
      return "INSERT INTO orders SELECT id * %d + %d, id, 'new' FROM generate_series(%d, %d) id"
          .formatted(STRIDE, writer, first, first + rows - 1);
    } else if (chance < 500) {
      long first = oldest + random.nextInt((int) (nextOrder[writer] - oldest));
      return "UPDATE orders SET note = 'changed %d'".formatted(chance)
          + orders(writer, first, rows);
    } else if (chance < 700) {
      oldestOrder[writer] += rows;
      return "DELETE FROM orders" + orders(writer, oldest, rows);
    } else if (chance < 750) {
      oldestOrder[writer] += rows;
      return "UPDATE orders SET id = id + %d".formatted(FAR) + orders(writer, oldest, rows);
    }
    long product = STRIDE * random.nextInt(products / Writers.CONNECTIONS) + writer + 1;
    if (chance < 990) {
      return "UPDATE products SET stock = stock + 1 WHERE id BETWEEN %d AND %d AND id %% %d = %d"
          .formatted(product, product + rows * STRIDE - 1, STRIDE, product % STRIDE);
    } else if (chance < 995) {
      return "UPDATE products SET id = -id WHERE abs(id) = %d".formatted(product);
    }
    return """
        WITH gone AS (DELETE FROM products WHERE id = %1$d RETURNING id)
        INSERT INTO products SELECT -id, 'Product ' || id, 'Back again.', 1, 0 FROM gone
        """
        .formatted(product);
  }

  private static String orders(int writer, long first, int rows) {
    return " WHERE id BETWEEN %1$d AND %2$d AND id %% %3$d = %4$d"
        .formatted(first * STRIDE + writer, (first + rows - 1) * STRIDE + writer, STRIDE, writer);
  }

  private static int execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }
}
