package dev.freshet.sink.http;

import static dev.freshet.sink.http.Changes.PRODUCTS;

import dev.freshet.document.DocumentChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** A table of few rows and the changes that a database could make to it. */
final class RandomTable {

  private static final int KEYS = 5;
  private static final int LONGEST_BATCH = 10;

  private final Random random;
  private final TreeSet<String> rows = new TreeSet<>();
  private boolean complete;
  private long lsn;

  RandomTable(int seed) {
    this.random = new Random(seed);
  }

  /** From now on no change needs an older value. */
  void onlyCompleteRows() {
    complete = true;
  }

  List<DocumentChange> changes() {
    var changes = new ArrayList<DocumentChange>();
    for (int left = 1 + random.nextInt(LONGEST_BATCH); left > 0; left--) {
      changes.addAll(change());
    }
    return changes;
  }

  private List<DocumentChange> change() {
    String key = Integer.toString(random.nextInt(KEYS));
    String other = Integer.toString(random.nextInt(KEYS));
    int choice = random.nextInt(12);
    if (choice == 0) {
      rows.clear();
      return List.of(Changes.truncate(++lsn));
    }
    if (rows.add(key) || choice < 5) {
      return List.of(Changes.row(key, title(), "text " + random.nextInt(5), ++lsn));
    }
    if (choice < 7) {
      rows.remove(key);
      return List.of(Changes.delete(key, ++lsn));
    }
    if (complete) {
      return List.of();
    }
    if (rows.add(other)) {
      rows.remove(key);
      return List.of(Changes.movedAway(key, ++lsn), Changes.moved(key, other, title(), ++lsn));
    }
    var columns = Map.of("title", "\"" + title() + "\"");
    return List.of(Changes.upsert(PRODUCTS, key, columns, Set.of("text"), ++lsn));
  }

  private String title() {
    return List.of("a", "b", "bad").get(random.nextInt(3));
  }
}
