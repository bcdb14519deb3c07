package dev.freshet.wiring;

import static java.util.stream.Collectors.joining;

import dev.freshet.Spelling;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.io.service.SoftServiceLoader;
import io.micronaut.core.naming.NameUtils;
import io.micronaut.core.type.Argument;
import io.micronaut.inject.BeanDefinition;
import io.micronaut.inject.BeanDefinitionReference;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The settings that Freshet's code reads: what its beans ask for, whether they are used in this
 * start or not.
 *
 * @param types of values by key, such as {@code freshet.rabbitmq.prefetch}; Object where the bean
 *     does not say
 * @param open keys below which users name further ones, such as {@code freshet.tables}
 */
record KnownKeys(Map<String, Argument<?>> types, Set<String> open) {

  static final String PREFIX = "freshet.";

  /** Freshet's beans stand in packages below this one. */
  static final String BEANS = "dev.freshet.";

  /** {@link ConfiguredTables} reads and checks what stands below. */
  private static final String TABLES = "freshet.tables";

  /** Reads them from the beans' definitions. */
  static KnownKeys ofBeans(ClassLoader classes) {
    var types = new TreeMap<String, Argument<?>>();
    RenamedSettings.KEYS.keySet().forEach(key -> types.put(key, Argument.OBJECT_ARGUMENT));
    var open = new TreeSet<>(Set.of(TABLES));
    SoftServiceLoader.load(BeanDefinitionReference.class, classes, name -> name.startsWith(BEANS))
        .collectAll()
        .forEach(reference -> read(((BeanDefinitionReference<?>) reference).load(), types, open));
    return new KnownKeys(types, open);
  }

  private static void read(
      BeanDefinition<?> bean, Map<String, Argument<?>> types, Set<String> open) {
    bean.getAnnotationValuesByType(Requires.class)
        .forEach(
            required ->
                required
                    .stringValue("property")
                    .filter(key -> key.startsWith(PREFIX))
                    .ifPresent(key -> types.putIfAbsent(key, Argument.OBJECT_ARGUMENT)));
    Optional<String> prefix = bean.stringValue(ConfigurationProperties.class);
    for (Argument<?> argument : bean.getConstructor().getArguments()) {
      argument
          .getAnnotationMetadata()
          .stringValue(Property.class, "name")
          .or(() -> prefix.map(start -> start + "." + NameUtils.hyphenate(argument.getName())))
          .filter(key -> key.startsWith(PREFIX))
          .ifPresent(
              key -> {
                types.put(key, argument);
                if (Map.class.isAssignableFrom(argument.getType())) {
                  open.add(key);
                }
              });
    }
  }

  /** Whether a key of a file, a system property or the command line is known. */
  boolean has(String key) {
    String plain = plain(key);
    return types.containsKey(plain) || open.stream().anyMatch(start -> isBelow(start, plain));
  }

  /** As the framework has it: {@code freshet.sourceEpoch} counts, and so does a list's index. */
  static String plain(String key) {
    return NameUtils.hyphenate(key.replaceAll("\\[[^\\]]*\\]", ""), true);
  }

  private static boolean isBelow(String start, String key) {
    return key.equals(start) || key.startsWith(start + ".");
  }

  /** Whether an environment variable stands for a known key. */
  boolean hasVariable(String variable) {
    return types.entrySet().stream()
            .anyMatch(known -> isVariable(known.getKey(), known.getValue(), variable))
        || (open.stream().anyMatch(key -> variable.startsWith(variable(key) + "_"))
            && !isOfTables(variable));
  }

  /** A variable has no case and no dots: the name of a table cannot be read from it. */
  static boolean isOfTables(String variable) {
    return variable.startsWith(variable(TABLES) + "_");
  }

  private static boolean isVariable(String key, Argument<?> type, String variable) {
    String plain = variable(key);
    return variable.equals(plain)
        || (Iterable.class.isAssignableFrom(type.getType())
            && variable.matches(plain + "_[0-9]+_?"));
  }

  /** The variable that stands for a key, such as {@code FRESHET_SOURCE_EPOCH}. */
  static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
  }

  /** The known key that is written most like this one. */
  String nearest(String key) {
    String plain = plain(key);
    String last = plain.substring(plain.lastIndexOf('.') + 1);
    String nearest =
        all()
            .min(
                Comparator.comparingInt(
                    known -> Spelling.distance(known, comparable(known, plain))))
            .orElseThrow();
    boolean isFar = Spelling.distance(nearest, comparable(nearest, plain)) > last.length() / 2;
    return present(isFar ? ofTheSameWords(last).orElse(nearest) : nearest);
  }

  private Optional<String> ofTheSameWords(String last) {
    Set<String> words = Set.copyOf(List.of(last.split("-", -1)));
    return all()
        .filter(known -> shared(known, words) > 0)
        .max(
            Comparator.<String>comparingLong(known -> shared(known, words))
                .thenComparing(Comparator.reverseOrder()));
  }

  private static long shared(String known, Set<String> words) {
    return Stream.of(known.split("[.-]", -1)).filter(words::contains).count();
  }

  /** What users name below an open key is no part of its spelling. */
  private String comparable(String known, String key) {
    return open.contains(known)
        ? Stream.of(key.split("\\.")).limit(known.split("\\.").length).collect(joining("."))
        : key;
  }

  /** The variable of a known key that is written most like this one. */
  String nearestVariable(String variable, Stream<String> others) {
    return Stream.concat(all(), others)
        .min(Comparator.comparingInt(known -> Spelling.distance(variable(known), variable)))
        .map(known -> variable(present(known)))
        .orElseThrow();
  }

  /** Nobody is advised to use a former name. */
  private static String present(String key) {
    return RenamedSettings.KEYS.getOrDefault(key, key);
  }

  private Stream<String> all() {
    return Stream.concat(types.keySet().stream(), open.stream());
  }
}
