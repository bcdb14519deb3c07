package dev.freshet.store;

import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.writing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.store.StoreFixtures.Writing;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a row costs in every store: it grows with the row's size, not with its square. */
public abstract class LinearSizeContract {

  private static final int SEGMENTS = 1_500;

  /** The bytes by which an empty index grows. */
  protected abstract long stored(Writing row) throws Exception;

  @Test
  void aRowOfTwiceTheSizeIsStoredInTwiceTheBytes() throws Exception {
    long once = stored(row(SEGMENTS));
    long twice = stored(row(2 * SEGMENTS));

    assertThat((double) twice / once).isBetween(1.7, 2.3);
  }

  /** A row whose text is in its metadata, too, and makes so many segments. */
  private static Writing row(int segments) {
    var random = new Random(5);
    var text = new StringBuilder();
    Writing row = writing(product(1), 1);
    for (int i = 0; i < segments; i++) {
      var segment = new StringBuilder();
      random.ints(300, 'a', 'z').forEach(letter -> segment.append((char) letter));
      text.append(segment).append(' ');
      row.segment(segment.toString(), random.nextFloat(), random.nextFloat(), 1);
    }
    return row.metadata("body", text.toString());
  }
}
