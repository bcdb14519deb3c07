package dev.freshet.api;

import dev.freshet.api.problem.Problem;
import dev.freshet.api.problem.ProblemException;
import dev.freshet.changeevent.TableId;
import io.micronaut.http.HttpParameters;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A request's query parameters. What cannot be read ends the request with status 400 and a problem
 * that names the parameter; so does an unknown one, because to ignore a misspelt condition would
 * answer another question than the one that was asked.
 */
final class QueryParameters {

  private final HttpParameters parameters;

  private QueryParameters(HttpParameters parameters) {
    this.parameters = parameters;
  }

  static QueryParameters of(HttpParameters parameters, Collection<String> known) {
    for (String name : new TreeSet<>(parameters.names())) {
      if (!known.contains(name)) {
        throw bad(
            name,
            "there is no parameter '%s' here; %s"
                .formatted(
                    name,
                    known.isEmpty()
                        ? "this call takes none"
                        : "known are " + String.join(", ", known)));
      }
      for (String value : parameters.getAll(name)) {
        if (value.isEmpty()) {
          throw bad(name, "'" + name + "' is empty; leave it out or give it a value");
        }
        refuseNull(name, value);
      }
    }
    return new QueryParameters(parameters);
  }

  /** PostgreSQL's texts cannot hold U+0000, so nothing is ever found by it. */
  static String refuseNull(String name, String value) {
    if (value.indexOf('\0') >= 0) {
      throw bad(name, "'" + name + "' holds the character U+0000");
    }
    return value;
  }

  static ProblemException bad(String name, String detail) {
    return new ProblemException(Problem.ofParameter(name, detail));
  }

  /** All values of a parameter that may be given several times. */
  List<String> texts(String name) {
    return parameters.getAll(name);
  }

  Optional<String> text(String name) {
    List<String> values = parameters.getAll(name);
    if (values.size() > 1) {
      throw bad(name, "'" + name + "' is given " + values.size() + " times; give it once");
    }
    return values.stream().findFirst();
  }

  Optional<TableId> table(String name) {
    return text(name).map(text -> read(name, () -> TableId.parse(text)));
  }

  int integer(String name, int least, int most, int otherwise) {
    String range = "'%s' must be an integer from %d to %d".formatted(name, least, most);
    int value =
        text(name).map(text -> number(name, text, range, Integer::valueOf)).orElse(otherwise);
    if (value < least || value > most) {
      throw bad(name, range);
    }
    return value;
  }

  double decimal(String name, double otherwise) {
    String kind = "'" + name + "' must be a number, as in 0.75";
    double value =
        text(name).map(text -> number(name, text, kind, Double::valueOf)).orElse(otherwise);
    if (!Double.isFinite(value)) {
      throw bad(name, kind);
    }
    return value;
  }

  boolean flag(String name) {
    String text = text(name).orElse("false");
    if (!text.equals("true") && !text.equals("false")) {
      throw bad(name, "'" + name + "' must be true or false");
    }
    return text.equals("true");
  }

  /** A constant by its name in lower case. */
  <E extends Enum<E>> E choice(String name, Class<E> type, E otherwise) {
    var allowed = new TreeSet<String>();
    String text = text(name).orElse(label(otherwise));
    for (E constant : type.getEnumConstants()) {
      if (label(constant).equals(text)) {
        return constant;
      }
      allowed.add(label(constant));
    }
    String use = String.join(", ", allowed).replaceFirst(", ([^,]*)$", " or $1");
    throw bad(name, "'" + text + "' is not a valid " + name + "; use " + use);
  }

  private static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static <N> N number(String name, String text, String otherwise, Function<String, N> of) {
    try {
      return of.apply(text);
    } catch (NumberFormatException e) {
      throw bad(name, otherwise);
    }
  }

  /** Reads with a parser whose message says what is wrong. */
  static <T> T read(String name, Supplier<T> parser) {
    try {
      return parser.get();
    } catch (IllegalArgumentException e) {
      throw bad(name, String.valueOf(e.getMessage()));
    }
  }
}
