package dev.freshet.wiring;

import io.micronaut.context.env.PropertySource;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The environment variables that begin with {@code FRESHET_}, and are meant for Freshet.
 *
 * @param placeholders those that configuration files refer to, as {@code ${FRESHET_HTTP_PORT}}
 */
record EnvironmentVariables(Set<String> placeholders) {

  private static final String PREFIX = "FRESHET_";

  /** For the tests, and for the command {@code await}. */
  private static final Pattern OTHERS = Pattern.compile("FRESHET_(TEST_.*|SERVICES_ROOT|API_KEY)");

  /**
   * Kubernetes sets these for each service, and one is likely to be named freshet: {@code
   * FRESHET_SERVICE_HOST}, {@code FRESHET_PORT}, {@code FRESHET_PORT_8080_TCP_ADDR}.
   */
  private static final Pattern KUBERNETES =
      Pattern.compile(
          "FRESHET_(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?"
              + "|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

  private static final Pattern KUBERNETES_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)");

  EnvironmentVariables {
    placeholders = Set.copyOf(placeholders);
  }

  static EnvironmentVariables referredToIn(Collection<PropertySource> sources) {
    var names = new TreeSet<String>();
    for (PropertySource source : sources) {
      for (String key : source) {
        PLACEHOLDER
            .matcher(String.valueOf(source.get(key)))
            .results()
            .map(found -> found.group(1))
            .filter(name -> name.startsWith(PREFIX))
            .forEach(names::add);
      }
    }
    return new EnvironmentVariables(names);
  }

  /**
   * Refuses a variable that would silently not count.
   *
   * @throws IllegalArgumentException with the variable that is written most like it
   */
  void requireKnown(String variable, Object value, KnownKeys keys) {
    if (!variable.startsWith(PREFIX)
        || placeholders.contains(variable)
        || OTHERS.matcher(variable).matches()
        || KUBERNETES.matcher(variable).matches()
        || (variable.endsWith("_PORT")
            && KUBERNETES_ADDRESS.matcher(String.valueOf(value)).matches())
        || keys.hasVariable(variable)) {
      return;
    }
    if (KnownKeys.isOfTables(variable)) {
      throw new IllegalArgumentException(
          variable
              + " does not count: a variable cannot name a table; write freshet.tables in a file"
              + " that MICRONAUT_CONFIG_FILES names");
    }
    throw new IllegalArgumentException(
        "%s is not a variable of Freshet: did you mean %s?"
            .formatted(variable, keys.nearestVariable(variable, nearMisses())));
  }

  private Stream<String> nearMisses() {
    return Stream.concat(placeholders.stream(), Stream.of("FRESHET_API_KEY"));
  }
}
