package dev.freshet.document;

import java.util.ArrayList;
import java.util.List;

/** All orders of a list. */
final class Permutations {

  private Permutations() {}

  static <T> List<List<T>> of(List<T> items) {
    if (items.isEmpty()) {
      return List.of(List.of());
    }
    var orders = new ArrayList<List<T>>();
    for (int i = 0; i < items.size(); i++) {
      var others = new ArrayList<>(items);
      T first = others.remove(i);
      for (List<T> rest : of(others)) {
        var order = new ArrayList<T>();
        order.add(first);
        order.addAll(rest);
        orders.add(order);
      }
    }
    return orders;
  }
}
