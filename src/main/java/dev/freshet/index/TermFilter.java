package dev.freshet.index;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/** A condition on the terms of a document, as {@link FilterTerms} writes them. */
public sealed interface TermFilter {

  /** Whether a document of these terms satisfies the condition. */
  boolean holds(Set<String> terms);

  /** It has one of the terms. */
  record AnyOf(NavigableSet<String> terms) implements TermFilter {

    public AnyOf(Iterable<String> terms) {
      this(sorted(terms));
    }

    private static NavigableSet<String> sorted(Iterable<String> terms) {
      var sorted = new TreeSet<String>();
      terms.forEach(sorted::add);
      return sorted;
    }

    @Override
    public boolean holds(Set<String> those) {
      return terms.stream().anyMatch(those::contains);
    }
  }

  /** It has a term between these, in the order of their UTF-8 bytes. */
  record Between(String from, boolean fromIncluded, String to, boolean toIncluded)
      implements TermFilter {

    @Override
    public boolean holds(Set<String> terms) {
      return terms.stream().anyMatch(term -> isAbove(term) && isBelow(term));
    }

    private boolean isAbove(String term) {
      int order = compare(term, from);
      return order > 0 || (fromIncluded && order == 0);
    }

    private boolean isBelow(String term) {
      int order = compare(term, to);
      return order < 0 || (toIncluded && order == 0);
    }

    private static int compare(String one, String other) {
      return Arrays.compareUnsigned(
          one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
  }

  record Not(TermFilter filter) implements TermFilter {

    @Override
    public boolean holds(Set<String> terms) {
      return !filter.holds(terms);
    }
  }

  record And(List<TermFilter> filters) implements TermFilter {

    public And {
      filters = List.copyOf(filters);
    }

    @Override
    public boolean holds(Set<String> terms) {
      return filters.stream().allMatch(filter -> filter.holds(terms));
    }
  }

  record Or(List<TermFilter> filters) implements TermFilter {

    public Or {
      filters = List.copyOf(filters);
    }

    @Override
    public boolean holds(Set<String> terms) {
      return filters.stream().anyMatch(filter -> filter.holds(terms));
    }
  }
}
