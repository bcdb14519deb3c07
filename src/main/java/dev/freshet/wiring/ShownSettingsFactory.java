package dev.freshet.wiring;

import dev.freshet.api.ShownSettings;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.env.Environment;
import io.micronaut.core.reflect.ReflectionUtils;
import io.micronaut.core.type.Argument;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.TreeMap;

/**
 * Chooses what of each setting is shown. Numbers, times, sizes, switches and choices are shown,
 * because they hold no secret. A text is shown if it is listed here, a URL without what may be
 * secret in it. Of all else, a new key too, only that it is set.
 */
@Factory
final class ShownSettingsFactory {

  static final String HIDDEN = "(set)";

  private static final Set<String> URLS =
      Set.of("freshet.jdbc.url", "freshet.source.url", "freshet.llama.url", "rabbitmq.uri");

  private static final Set<String> TEXTS =
      Set.of(
          "freshet.feed",
          "freshet.sink",
          "freshet.store",
          "freshet.data-dir",
          "freshet.samples",
          "freshet.unavailable-value",
          "freshet.capture.slot",
          "freshet.capture.publication",
          "freshet.capture.topic-prefix",
          "freshet.rabbitmq.exchange",
          "freshet.rabbitmq.queue",
          "freshet.rabbitmq.routing-keys",
          "freshet.rabbitmq.dead-letter-exchange",
          "freshet.rabbitmq.dead-letter-queue",
          "freshet.rabbitmq.consumer-tag",
          "freshet.jdbc.schema",
          "freshet.llama.document-id",
          "freshet.canary.table",
          "freshet.access.enabled",
          "freshet.access.allowed-hosts",
          "freshet.access.trusted-proxies");

  /** Those of the framework and of the log. */
  private static final Set<String> OTHERS =
      Set.of(
          "micronaut.server.host",
          "micronaut.server.port",
          "micronaut.server.ssl.enabled",
          "log.level",
          "log.format");

  @Singleton
  ShownSettings shownSettings(Environment environment) {
    var types = new TreeMap<>(KnownKeys.ofBeans(environment.getClassLoader()).types());
    types.keySet().removeAll(RenamedSettings.KEYS.keySet());
    types.put("rabbitmq.uri", Argument.STRING);
    OTHERS.forEach(key -> types.put(key, Argument.STRING));
    var shown = new TreeMap<String, String>();
    types.forEach(
        (key, type) -> {
          if (environment.containsProperty(key) || environment.containsProperties(key)) {
            shown.put(key, shown(key, type, environment));
          }
        });
    return new ShownSettings(Collections.unmodifiableMap(shown));
  }

  private static String shown(String key, Argument<?> type, Environment environment) {
    String value = environment.getProperty(key, String.class).orElse(HIDDEN);
    if (URLS.contains(key)) {
      return MaskedUrl.of(value).orElse(HIDDEN);
    }
    return TEXTS.contains(key) || OTHERS.contains(key) || holdsNoText(type) ? value : HIDDEN;
  }

  /** The start has refused a value of another type. */
  private static boolean holdsNoText(Argument<?> type) {
    Class<?> kind = ReflectionUtils.getWrapperType(type.getType());
    return Number.class.isAssignableFrom(kind)
        || kind == Boolean.class
        || kind == Duration.class
        || kind.isEnum();
  }
}
