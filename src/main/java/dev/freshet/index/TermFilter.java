package dev.freshet.index;

import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** A condition on the terms of a document, as {@link FilterTerms} writes them. */
public sealed interface TermFilter {

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
  }

  /** It has a term between these, in the order of their UTF-8 bytes. */
  record Between(String from, boolean fromIncluded, String to, boolean toIncluded)
      implements TermFilter {}

  record Not(TermFilter filter) implements TermFilter {}

  record And(List<TermFilter> filters) implements TermFilter {

    public And {
      filters = List.copyOf(filters);
    }
  }

  record Or(List<TermFilter> filters) implements TermFilter {

    public Or {
      filters = List.copyOf(filters);
    }
  }
}
