package dev.freshet.wiring;

import dev.freshet.MisconfiguredException;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.ApplicationContextConfigurer;
import io.micronaut.context.annotation.ContextConfigurer;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import io.micronaut.context.env.PropertySource.PropertyConvention;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives settings of former versions their present names, before anything reads one, and says so in
 * the log once.
 */
@ContextConfigurer
public final class RenamedSettings implements ApplicationContextConfigurer {

  private static final Logger LOG = LoggerFactory.getLogger(RenamedSettings.class);

  private static final String SINK = "freshet.sink";
  private static final String STORE = "freshet.store";
  private static final String LOCAL = "local";

  /** What a store's name as the sink used to mean: the sink inside the JVM, over that store. */
  private static final String PGVECTOR = "pgvector";

  private static final String LUCENE = "lucene";

  /** The files in the jar; what they say is nobody's choice. */
  private static final Set<String> SHIPPED = Set.of("application", "application-embedded");

  /** Present names by former ones. */
  static final Map<String, String> KEYS = keys();

  private static Map<String, String> keys() {
    var keys = new TreeMap<String, String>();
    for (String key :
        new String[] {
          "url",
          "timeout",
          "concurrency",
          "document-id",
          "breaker.failures",
          "breaker.open",
          "breaker.trials"
        }) {
      keys.put("freshet.http." + key, "freshet.llama." + key);
    }
    return Map.copyOf(keys);
  }

  /**
   * Adds the present names to what the environment knows.
   *
   * @throws MisconfiguredException when a setting is given under both names, or a store that the
   *     sink cannot have
   */
  @Override
  public void configure(ApplicationContext context) {
    Environment environment = context.getEnvironment();
    var present = new HashMap<String, Object>();
    KEYS.forEach((former, key) -> rename(environment, former, key, present));
    chooseStore(environment, present);
    environment.addPropertySource(PropertySource.of("renamed settings", present));
  }

  private static void rename(
      Environment environment, String former, String key, Map<String, Object> present) {
    environment
        .getProperty(former, Object.class)
        .ifPresent(
            value -> {
              if (given(environment, key).isPresent()) {
                throw new MisconfiguredException(
                    "%s is the former name of %s: remove %s"
                        .formatted(
                            written(environment, former), key, written(environment, former)));
              }
              boolean variable = isVariable(environment, former);
              LOG.info(
                  "{} is now named {}",
                  written(environment, former),
                  variable ? KnownKeys.variable(key) : key);
              present.put(key, value);
            });
  }

  /** What somebody set it to; empty where only the shipped files do. */
  private static Optional<String> given(Environment environment, String key) {
    boolean given =
        environment.getPropertySources().stream()
            .filter(source -> !SHIPPED.contains(source.getName()))
            .anyMatch(
                source -> source.get(key) != null || source.get(KnownKeys.variable(key)) != null);
    return given ? environment.getProperty(key, String.class) : Optional.empty();
  }

  private static boolean isVariable(Environment environment, String key) {
    return environment.getPropertySources().stream()
        .filter(source -> source.getConvention() == PropertyConvention.ENVIRONMENT_VARIABLE)
        .anyMatch(source -> source.get(KnownKeys.variable(key)) != null);
  }

  /** A setting by the name that it was given by: its key, or its variable. */
  private static String written(Environment environment, String key) {
    return isVariable(environment, key) ? KnownKeys.variable(key) : key;
  }

  private static void chooseStore(Environment environment, Map<String, Object> present) {
    String sink = environment.getProperty(SINK, String.class).orElse(LOCAL);
    Optional<String> store = given(environment, STORE);
    if (sink.equals(PGVECTOR) || sink.equals(LUCENE)) {
      if (store.isPresent() && !store.get().equals(sink)) {
        throw new MisconfiguredException(
            "%s is '%s' and %s is '%s': remove %s"
                .formatted(
                    written(environment, SINK),
                    sink,
                    written(environment, STORE),
                    store.get(),
                    written(environment, SINK)));
      }
      LOG.info(
          "{}={} is now written as {}={}",
          written(environment, SINK),
          sink,
          isVariable(environment, SINK) ? KnownKeys.variable(STORE) : STORE,
          sink);
      present.put(SINK, LOCAL);
      present.put(STORE, sink);
    } else if (sink.equals("http")) {
      if (store.isPresent() && !store.get().equals(LUCENE)) {
        throw new MisconfiguredException(
            "freshet.store is '%s'; with freshet.sink=http use lucene, or leave it out"
                .formatted(store.get()));
      }
      present.put(STORE, LUCENE);
    } else if (!environment.containsProperty(STORE)) {
      present.put(STORE, PGVECTOR);
    }
  }
}
