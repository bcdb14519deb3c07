package dev.freshet.wiring;

import io.micronaut.context.BeanContext;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import io.micronaut.core.convert.ConversionContext;
import io.micronaut.core.naming.NameUtils;
import io.micronaut.core.type.Argument;
import io.micronaut.inject.BeanDefinition;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Ends the start when a setting would silently not count: a key of a file that is none of
 * Freshet's, or a value that is not of its type, for which the framework takes the default.
 */
@Context
final class ConfigurationCheck {

  private static final String PREFIX = "freshet.";
  private static final Set<String> FEEDS = new TreeSet<>(Set.of("rabbitmq", "memory"));
  private static final Set<String> SINKS = new TreeSet<>(Set.of("pgvector", "lucene", "http"));

  /** What stands directly below {@code freshet}. */
  private static final Set<String> SETTINGS =
      new TreeSet<>(
          Set.of(
              "feed",
              "sink",
              "samples",
              "source",
              "source-epoch",
              "unavailable-value",
              "tombstone-retention",
              "version-retention",
              "data-dir",
              "tables",
              "access",
              "indexing",
              "splitting",
              "embedding",
              "jdbc",
              "http",
              "rabbitmq",
              "memory",
              "dead-letters",
              "freshness",
              "search",
              "canary"));

  private final Environment environment;

  ConfigurationCheck(Environment environment, BeanContext beans) {
    this.environment = environment;
    environment.getPropertySources().forEach(ConfigurationCheck::requireKnown);
    requireOneOf("feed", FEEDS);
    requireOneOf("sink", SINKS);
    beans.getAllBeanDefinitions().stream()
        .filter(bean -> bean.hasStereotype(ConfigurationProperties.class))
        .filter(bean -> bean.getBeanType().getName().startsWith("dev.freshet."))
        .forEach(this::requireConvertible);
  }

  /** Environment variables are left out: a dot and a dash look alike there. */
  private static void requireKnown(PropertySource source) {
    if (source.getConvention() == PropertySource.PropertyConvention.ENVIRONMENT_VARIABLE) {
      return;
    }
    for (String key : source) {
      String setting = key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : "feed";
      String name = setting.split("[.\\[]", 2)[0];
      if (!SETTINGS.contains(name)) {
        throw new IllegalArgumentException(
            PREFIX + name + " is no setting of Freshet; known are " + SETTINGS);
      }
    }
  }

  private void requireOneOf(String setting, Set<String> choices) {
    environment
        .getProperty(PREFIX + setting, String.class)
        .filter(choice -> !choices.contains(choice))
        .ifPresent(
            choice -> {
              throw new IllegalArgumentException(
                  PREFIX + setting + " is '" + choice + "'; choose one of " + choices);
            });
  }

  private void requireConvertible(BeanDefinition<?> bean) {
    String prefix = bean.stringValue(ConfigurationProperties.class).orElseThrow();
    for (Argument<?> argument : bean.getConstructor().getArguments()) {
      String key = prefix + "." + NameUtils.hyphenate(argument.getName());
      boolean given = environment.containsProperty(key);
      if (given && environment.getProperty(key, ConversionContext.of(argument)).isEmpty()) {
        throw new IllegalArgumentException(
            key
                + " has a value that is no "
                + argument.getType().getSimpleName().toLowerCase(Locale.ROOT)
                + "; "
                + example(argument.getType()));
      }
    }
  }

  private static String example(Class<?> type) {
    return type == Duration.class
        ? "write it with its unit, as in 20s"
        : "see the README's configuration table";
  }
}
