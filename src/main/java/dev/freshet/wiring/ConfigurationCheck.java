package dev.freshet.wiring;

import io.micronaut.context.BeanContext;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import io.micronaut.context.env.PropertySource.PropertyConvention;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.convert.ConversionContext;
import io.micronaut.core.convert.format.ReadableBytes;
import io.micronaut.core.order.Ordered;
import io.micronaut.core.reflect.ReflectionUtils;
import io.micronaut.core.type.Argument;
import java.time.Duration;
import java.util.List;

/**
 * Aborts the start, before any other bean is made, when a setting would silently not count: a key
 * or a variable that is none of Freshet's, or a value that is not of its type, for which the
 * framework takes the default.
 */
@Context
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ConfigurationCheck {

  private static final List<String> FEEDS = List.of("postgresql", "rabbitmq", "memory");
  private static final List<String> SINKS = List.of("local", "http");
  private static final List<String> STORES = List.of("pgvector", "lucene");

  private final Environment environment;
  private final KnownKeys keys;

  ConfigurationCheck(Environment environment, BeanContext beans) {
    this.environment = environment;
    this.keys = KnownKeys.ofBeans(environment.getClassLoader());
    var variables = EnvironmentVariables.referredToIn(environment.getPropertySources());
    for (PropertySource source : environment.getPropertySources()) {
      for (String key : source) {
        if (source.getConvention() == PropertyConvention.ENVIRONMENT_VARIABLE) {
          variables.requireKnown(key, source.get(key), keys);
        } else {
          requireKnown(key);
        }
      }
    }
    requireOneOf("feed", FEEDS);
    requireOneOf("sink", SINKS);
    requireOneOf("store", STORES);
    keys.types().forEach(this::requireConvertible);
    beans.getBean(ConfiguredTables.class);
    beans.getAllBeanDefinitions().stream()
        .filter(bean -> bean.hasStereotype(ConfigurationProperties.class))
        .filter(bean -> bean.getBeanType().getName().startsWith(KnownKeys.BEANS))
        .forEach(beans::getBean);
  }

  private void requireKnown(String key) {
    if (!key.startsWith(KnownKeys.PREFIX) || keys.has(key)) {
      return;
    }
    String plain = KnownKeys.plain(key);
    boolean isGroup =
        keys.types().keySet().stream().anyMatch(known -> known.startsWith(plain + "."));
    throw new IllegalArgumentException(
        isGroup
            ? plain
                + " takes no value of its own: name a setting below it, such as "
                + keys.nearest(key)
            : plain + " is not a setting of Freshet: did you mean " + keys.nearest(key) + "?");
  }

  private void requireOneOf(String setting, List<String> choices) {
    environment
        .getProperty(KnownKeys.PREFIX + setting, String.class)
        .filter(choice -> !choices.contains(choice))
        .ifPresent(
            choice -> {
              throw new IllegalArgumentException(
                  "%s%s is '%s'; %s"
                      .formatted(KnownKeys.PREFIX, setting, choice, Choices.sentence(choices)));
            });
  }

  private void requireConvertible(String key, Argument<?> argument) {
    if (!environment.containsProperty(key)) {
      return;
    }
    Class<?> type = argument.getType();
    if (type == boolean.class || type == Boolean.class) {
      requireBoolean(key);
    } else if (type != Object.class
        && environment.getProperty(key, ConversionContext.of(argument)).isEmpty()) {
      throw new IllegalArgumentException(
          "%s is '%s': %s"
              .formatted(
                  key, environment.getProperty(key, String.class).orElse(""), example(argument)));
    }
  }

  /** The framework reads every other word as false. */
  private void requireBoolean(String key) {
    String word = environment.getProperty(key, String.class).orElse("");
    if (!word.equals("true") && !word.equals("false")) {
      throw new IllegalArgumentException(key + " is '" + word + "'; write true or false");
    }
  }

  private static String example(Argument<?> argument) {
    Class<?> type = argument.getType();
    if (type == Duration.class) {
      return "write a time with its unit, as in 20s";
    }
    if (type.isEnum()) {
      return Choices.sentence(Choices.of(type));
    }
    if (argument.getAnnotationMetadata().hasAnnotation(ReadableBytes.class)) {
      return "write a size, as in 32MB";
    }
    return Number.class.isAssignableFrom(ReflectionUtils.getWrapperType(type))
        ? "write a whole number"
        : "docs/configuration.md says what it takes";
  }
}
